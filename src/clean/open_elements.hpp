// The elements that are open while safe HTML is written, and the rules by which one ends another (WHATWG
// HTML, 13.2.6.4.7 to 16).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clean/allowed_markup.hpp"

namespace agg::clean {

// Writes tags to `out` so that they are always balanced, and nested as browsers nest them.
class OpenElements {
  public:
    explicit OpenElements(std::string& out);

    // Ends what must end before `element` may start.
    void prepare(const Element& element);

    // `element` has been written to `out` from `tag_begin` to the end; it stays open.
    void push(const Element& element, std::size_t tag_begin);

    // Writes the end tag of `element` where one is due, those of the elements in it first. An end tag without a start
    // tag is ignored.
    void close(const Element& element);
    void close_all();

    [[nodiscard]] std::size_t depth() const { return open_.size(); }
    // True inside mi, mn, mo, ms and mtext.
    [[nodiscard]] bool innermost_is_text_of_formula() const;
    [[nodiscard]] bool has(const Element& element) const { return counts_[index_of(element)] > 0; }

  private:
    struct Open {
        const Element* element;
        std::size_t tag_begin;  // of the start tag in `out_`, to write it again
        std::size_t tag_end;
    };
    enum class Empty { keep, drop };
    static constexpr std::size_t k_none = static_cast<std::size_t>(-1);

    void pop(Empty empty);
    void pop_to(std::size_t index);
    void close_split(std::size_t index);
    void close_paragraph();
    void close_link(const Element& link);
    void close_list_item(std::string_view a, std::string_view b);
    void close_table_parts(std::string_view names);
    [[nodiscard]] std::size_t find(const Element& element) const;

    std::string& out_;
    std::vector<Open> open_;
    std::vector<unsigned> counts_;  // how many of each element are open
    std::size_t reopened_bytes_ = 0;
};

}  // namespace agg::clean
