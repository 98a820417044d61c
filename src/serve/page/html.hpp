// Writing HTML as text: the one place where a page's text is escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agg::serve::page {

// The value of an attribute that is left out.
inline constexpr std::string_view k_absent{};

// Elements one inside the other. Names are the writer's own and taken as they are; texts and values are scrubbed
// (serve/markup.hpp) and escaped.
class Html {
  public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    Html& open(const char* name, Attributes attributes = {});
    Html& close();
    Html& text(std::string_view text);
    Html& element(const char* name, std::string_view text, Attributes attributes = {});
    // One without content and without an end tag: "input", "link".
    Html& empty_element(const char* name, Attributes attributes);
    // A link to `url`, when that is a path of aggd's own or an address of the web; else the text alone.
    Html& link(std::string_view url, std::string_view text, Attributes attributes = {});
    // Mark-up that clean/ has made safe, as it is but for characters that no document may hold.
    Html& safe_html(std::string_view html);

    // What was written. Every element must be closed.
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void start(const char* name, Attributes attributes);
    std::string out_;
    std::vector<const char*> open_;
};

}  // namespace agg::serve::page
