#include "clean/open_elements.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace agg::clean {
namespace {

// Elements that are opened again after a misnested end tag, at most so many and so many bytes of tags in a document:
// each end tag may repeat several start tags, and a document must not grow by more than its size.
constexpr std::size_t k_max_reopened = 8;
constexpr std::size_t k_max_reopened_bytes = 64 * 1024;

bool is_one_of(const Element& element, std::string_view names) {
    for (const std::string_view name : split(names, ' '))
        if (element.name == name) return true;
    return false;
}

}  // namespace

OpenElements::OpenElements(std::string& out) : out_(out), counts_(k_element_count) {}

bool OpenElements::innermost_is_text_of_formula() const {
    return !open_.empty() && is_one_of(*open_.back().element, "mi mn mo ms mtext");
}

void OpenElements::push(const Element& element, std::size_t tag_begin) {
    open_.push_back({&element, tag_begin, out_.size()});
    ++counts_[index_of(element)];
}

// Ends the innermost element. One that holds nothing because its end was only implied leaves no trace.
void OpenElements::pop(Empty empty) {
    const Open& last = open_.back();
    if (empty == Empty::drop && last.tag_end == out_.size())
        out_.resize(last.tag_begin);
    else
        out_.append("</").append(last.element->name).append(">");
    --counts_[index_of(*last.element)];
    open_.pop_back();
}

void OpenElements::pop_to(std::size_t index) {
    while (open_.size() > index) pop(Empty::keep);
}

void OpenElements::close_all() { pop_to(0); }

// Ends the element at `index` and opens those that were in it again.
void OpenElements::close_split(std::size_t index) {
    std::vector<std::pair<const Element*, std::string>> again;
    for (std::size_t i = index + 1; i < open_.size(); ++i) {
        const Open& inner = open_[i];
        again.emplace_back(inner.element, out_.substr(inner.tag_begin, inner.tag_end - inner.tag_begin));
    }
    while (open_.size() > index)
        pop(open_.size() > index + 1 || open_.back().element->is(k_reopens) ? Empty::drop : Empty::keep);
    if (again.size() > k_max_reopened) return;
    for (const auto& [element, tag] : again) {
        reopened_bytes_ += tag.size();
        if (reopened_bytes_ > k_max_reopened_bytes) return;
        const std::size_t begin = out_.size();
        out_ += tag;
        push(*element, begin);
    }
}

// "a p element in button scope": the search stops at the parts of a table.
void OpenElements::close_paragraph() {
    static const Element& paragraph = *find_element("p");
    if (!has(paragraph)) return;
    for (std::size_t i = open_.size(); i-- > 0;) {
        const Element& element = *open_[i].element;
        if (element.name == "p") {
            const bool only_formatting = std::all_of(open_.begin() + static_cast<std::ptrdiff_t>(i) + 1, open_.end(),
                                                     [](const Open& o) { return o.element->is(k_formatting); });
            if (only_formatting)
                close_split(i);
            else
                pop_to(i);
            return;
        }
        if (element.is(k_table_part)) return;
    }
}

// Links do not nest, but for one in a table that is a link.
void OpenElements::close_link(const Element& link) {
    close(link);
    for (std::size_t i = open_.size(); has(link) && i-- > 0 && !open_[i].element->is(k_table_part);)
        if (open_[i].element == &link) return pop_to(i);
}

void OpenElements::close_list_item(std::string_view a, std::string_view b) {
    for (std::size_t i = open_.size(); i-- > 0;) {
        const Element& element = *open_[i].element;
        if (element.name == a || element.name == b) return pop_to(i);
        if (element.is(k_special) && element.name != "address" && element.name != "div" && element.name != "p") return;
    }
}

// Ends the outermost of `names` in the current table.
void OpenElements::close_table_parts(std::string_view names) {
    std::size_t found = k_none;
    for (std::size_t i = open_.size(); i-- > 0 && open_[i].element->name != "table";)
        if (is_one_of(*open_[i].element, names)) found = i;
    if (found != k_none) pop_to(found);
}

void OpenElements::prepare(const Element& element) {
    if (open_.empty()) return;
    if (element.is(k_closes_p)) close_paragraph();
    if (element.is(k_heading)) {
        if (!open_.empty() && open_.back().element->is(k_heading)) pop(Empty::keep);
        return;
    }
    const std::string_view name = element.name;
    if (name == "li")
        close_list_item("li", "li");
    else if (name == "dd" || name == "dt")
        close_list_item("dd", "dt");
    else if (name == "a")
        close_link(element);
    else if (name == "td" || name == "th")
        close_table_parts("td th");
    else if (name == "tr")
        close_table_parts("tr");
    else if (name == "tbody" || name == "thead" || name == "tfoot" || name == "caption" || name == "colgroup")
        close_table_parts("tbody thead tfoot caption colgroup tr");
    else if (name == "option" || name == "optgroup" || name == "rt" || name == "rp" || name == "rb" || name == "rtc") {
        const std::string_view ended = name.starts_with('r') ? "rt rp rb"
                                       : name == "option"    ? "option"
                                                             : "option optgroup";
        while (!open_.empty() && is_one_of(*open_.back().element, ended)) pop(Empty::keep);
    }
}

std::size_t OpenElements::find(const Element& element) const {
    if (!has(element)) return k_none;
    for (std::size_t i = open_.size(); i-- > 0;) {
        const Element& candidate = *open_[i].element;
        if (&candidate == &element) return i;
        if (element.is(k_table_part) ? candidate.name == "table" && element.name != "table"
                                     : candidate.is(k_table_part))
            return k_none;
        // A paragraph or a section in misnested formatting may be cut in two; a list, a ruby or a drawing may not.
        if (element.is(k_formatting) ? !candidate.is(k_formatting | k_reopens)
                                     : !element.is(k_special) && candidate.is(k_special))
            return k_none;
        if (element.name == "li" && (candidate.name == "ul" || candidate.name == "ol")) return k_none;
    }
    return k_none;
}

void OpenElements::close(const Element& element) {
    std::size_t index = find(element);
    if (element.is(k_heading)) {  // </h2> ends <h1> as well
        for (std::size_t i = open_.size(); index == k_none && i-- > 0 && !open_[i].element->is(k_table_part);)
            if (open_[i].element->is(k_heading)) index = i;
    }
    if (index == k_none) return;
    if (index + 1 < open_.size() && element.is(k_formatting))
        close_split(index);
    else
        pop_to(index);
}

}  // namespace agg::clean
