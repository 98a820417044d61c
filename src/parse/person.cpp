#include "parse/person.hpp"

#include "base/text.hpp"

namespace agg::parse {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    return at != npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == npos &&
           text.find_first_of(" \t\r\n()<>,;\"") == npos;
}

std::string_view without_mailto(std::string_view text) {
    text = trim(text);
    return istarts_with(text, "mailto:") ? text.substr(7) : text;
}

std::string clean_name(std::string_view text) {
    text = trim(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    return collapse_space(text);
}

}  // namespace

Author person_of_text(std::string_view escaped) {
    // Addresses are hidden from robots by numbers: "&#100;&#111;...".
    const std::string resolved = escaped.find("&#") == npos ? std::string(escaped) : References().resolve(escaped);
    std::string_view text = resolved;
    text = without_mailto(text);
    const std::size_t open = text.find_first_of("(<");
    const std::size_t close = open == npos ? npos : text.find(text[open] == '(' ? ')' : '>', open);
    if (close != npos) {
        const std::string_view outside = without_mailto(text.substr(0, open));
        const std::string_view inside = without_mailto(text.substr(open + 1, close - open - 1));
        if (is_email(inside)) return {.name = clean_name(outside), .email = std::string(inside), .url = {}};
        if (is_email(outside)) return {.name = clean_name(inside), .email = std::string(outside), .url = {}};
    }
    if (is_email(text)) return {.name = {}, .email = std::string(text), .url = {}};
    const std::size_t space = text.find_last_of(" \t\n");
    if (space != npos && is_email(text.substr(space + 1)))
        return {.name = clean_name(text.substr(0, space)), .email = std::string(text.substr(space + 1)), .url = {}};
    const std::size_t first = text.find_first_of(" \t\n");
    if (first != npos && is_email(text.substr(0, first)))
        return {.name = clean_name(text.substr(first)), .email = std::string(text.substr(0, first)), .url = {}};
    return {.name = clean_name(text), .email = {}, .url = {}};
}

Author person_of_element(const Element& element) {
    if (!element.has_elements()) return person_of_text(element.text());
    Author person;
    for (const Element& child : element) {
        const std::string_view local = child.name().local;
        if (iequals(local, "name") && person.name.empty()) person.name = collapse_space(child.text());
        else if (iequals(local, "email") && person.email.empty()) person.email = std::string(without_mailto(child.trimmed()));
        else if ((iequals(local, "uri") || iequals(local, "url") || iequals(local, "homepage")) && person.url.empty())
            person.url = child.link(child.text());
    }
    if (person.name.empty() && person.email.empty()) {
        Author loose = person_of_text(element.text());
        loose.url = person.url;
        return loose;
    }
    return person;
}

void add_person(std::vector<Author>& people, Author person) {
    if (person.name.empty() && person.email.empty()) return;
    for (Author& known : people) {
        const bool same = person.name.empty() || known.name.empty() ? person.email == known.email && !person.email.empty()
                                                                    : person.name == known.name;
        if (!same) continue;
        if (known.name.empty()) known.name = person.name;
        if (known.email.empty()) known.email = person.email;
        if (known.url.empty()) known.url = person.url;
        return;
    }
    people.push_back(std::move(person));
}

}  // namespace agg::parse
