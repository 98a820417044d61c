// Tags of a web page, found without understanding the page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agg::parse {

struct Tag {
    std::string_view name;        // as written, "/" first for an end tag
    std::string_view attributes;  // between the name and ">"
    std::size_t end = 0;          // after ">"
};

// Walks over the tags of a page; comments and the contents of scripts and styles are passed over. Linear in the page.
class TagWalker {
  public:
    explicit TagWalker(std::string_view html) : html_(html) {}

    [[nodiscard]] std::optional<Tag> next();

  private:
    [[nodiscard]] std::size_t end_of_tag(std::size_t from) const;
    void skip_to_end_of(std::string_view name);

    std::string_view html_;
    std::size_t at_ = 0;
};

// The value of an attribute, references resolved; "" when it is absent. `name` is compared without case.
[[nodiscard]] std::string html_attribute(std::string_view attributes, std::string_view name);

// True for the name of an element of HTML 5 or an earlier HTML; ASCII case ignored.
[[nodiscard]] bool is_html_element(std::string_view name);

}  // namespace agg::parse
