// People as feeds name them.
#pragma once

#include <string_view>
#include <vector>

#include "base/item.hpp"
#include "parse/xml.hpp"

namespace agg::parse {

// "ann@example.org (Ann Lee)", "Ann Lee <ann@example.org>", "Ann Lee (ann@example.org)", an address or a name alone.
[[nodiscard]] Author person_of_text(std::string_view text);

// An Atom person construct (name, email, uri or url); text alone is read as person_of_text reads it.
[[nodiscard]] Author person_of_element(const Element& element);

// Appends `person` unless it is nobody or stands in `people` already.
void add_person(std::vector<Author>& people, Author person);

}  // namespace agg::parse
