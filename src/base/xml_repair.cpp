#include "base/xml_repair.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_name_start(char c) { return is_ascii_alpha(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_name(char c) { return is_name_start(c) || is_ascii_digit(c) || c == '-' || c == '.' || c == ':'; }

// HTML elements without content. "link" and "source" are missing: feeds give those names a content.
bool is_void(std::string_view name) {
    constexpr std::array<std::string_view, 9> k_void = {"br", "hr", "img", "input", "wbr", "area", "col", "embed", "param"};
    return std::any_of(k_void.begin(), k_void.end(), [&](std::string_view v) { return iequals(v, name); });
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view local_part(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == npos ? name : name.substr(colon + 1);
}

// Elements that stand in a container and never in one another.
bool is_item(std::string_view name) { return name == "item" || name == "entry"; }
bool is_container(std::string_view name) { return is_one_of(name, {"channel", "feed", "rss", "rdf:RDF", "RDF", "items"}); }

// Elements of an item that hold text at most, and what stands beside them: one of the second in one of the first means
// that an end tag is missing.
bool is_leaf(std::string_view name) {
    return is_one_of(name, {"title", "link", "guid", "pubDate", "id", "updated", "published", "category", "comments", "dc:creator", "dc:date",
                            "dc:subject", "lastBuildDate", "language", "generator", "copyright", "ttl"});
}
bool stands_beside_leaves(std::string_view name) {
    return is_leaf(name) || is_item(name) || is_one_of(name, {"description", "content:encoded", "content", "summary", "author", "enclosure", "image"});
}

// Finds one needle again and again in a growing place: a result is remembered until it is passed, so that many searches for what
// comes late or never stay linear together.
class Finder {
  public:
    explicit Finder(std::string_view needle) : needle_(needle) {}

    std::size_t find(std::string_view text, std::size_t from) {
        if (!searched_ || (found_ != npos && found_ < from)) found_ = text.find(needle_, from);
        searched_ = true;
        return found_;
    }

  private:
    std::string_view needle_;
    std::size_t found_ = 0;
    bool searched_ = false;
};

class Repair {
  public:
    explicit Repair(std::string_view in) : in_(in) { out_.reserve(in.size() + in.size() / 32 + 64); }

    RepairedXml run() {
        while (at_ < in_.size()) {
            const std::size_t open = std::min(in_.find('<', at_), in_.size());
            out_ += in_.substr(at_, open - at_);
            at_ = open;
            if (at_ < in_.size()) markup();
        }
        const bool cut_short = !open_.empty();
        const bool item_cut_short = std::any_of(open_.begin(), open_.end(), [](const auto& name) { return is_item(name); });
        if (cut_short) warn("the document ends before its elements do");
        while (!open_.empty()) close_last();
        return {std::move(out_), std::move(warnings_), cut_short, item_cut_short};
    }

  private:
    void warn(std::string_view text) {
        if (std::find(warnings_.begin(), warnings_.end(), text) == warnings_.end()) warnings_.emplace_back(text);
    }

    void markup() {
        const std::string_view rest = in_.substr(at_);
        if (rest.starts_with("<![CDATA[")) return cdata();
        if (rest.starts_with("<!--")) return comment();
        if (rest.starts_with("<!")) return declaration();
        if (rest.starts_with("<?")) return instruction();
        if (rest.size() > 2 && rest[1] == '/' && is_name_start(rest[2])) return end_tag();
        if (rest.size() > 1 && is_name_start(rest[1])) return start_tag();
        warn("a \"<\" that starts no tag was read as text");
        out_ += "&lt;";
        ++at_;
    }

    void cdata() {
        const std::size_t end = cdata_end_.find(in_, at_ + 9);
        const std::size_t next = cdata_start_.find(in_, at_ + 9);
        if (end != npos && end < next) {
            out_ += in_.substr(at_, end + 3 - at_);
            at_ = end + 3;
            return;
        }
        // A section that was never closed would swallow the items up to the end of a later one: it ends with its element.
        const std::size_t limit = std::min({end, next, in_.size()});
        const std::size_t closing = open_.empty() ? npos : in_.substr(0, limit).find(fmt::format("</{}>", open_.back()), at_ + 9);
        if (closing != npos || end == npos) return unclosed_cdata(closing == npos ? limit : closing);
        out_ += in_.substr(at_, end + 3 - at_);
        at_ = end + 3;
    }

    void unclosed_cdata(std::size_t end) {
        warn("a CDATA section is not closed");
        end = std::min(end, in_.size());
        out_ += in_.substr(at_, end - at_);
        out_ += "]]>";
        at_ = end;
    }

    void comment() {
        const std::size_t end = comment_end_.find(in_, at_ + 4);
        if (end != npos) {
            at_ = end + 3;
            return;
        }
        warn("a comment is not closed");
        at_ = std::min(in_.find('>', at_), in_.size() - 1) + 1;
    }

    // A document type: up to its ">", over a subset in brackets and quoted strings in it.
    void declaration() {
        std::size_t end = in_.find_first_of("[>", at_);
        if (end != npos && in_[end] == '[') {
            const std::size_t closing = in_.find(']', end);
            end = in_.find('>', closing == npos ? end : closing);
        }
        at_ = end == npos ? in_.size() : end + 1;
    }

    void instruction() {
        const std::size_t greater = greater_.find(in_, at_);
        const std::size_t end = instruction_end_.find(in_, at_);
        const bool code = istarts_with(in_.substr(at_), "<?php") && end != npos;  // may contain ">"
        if (code) at_ = end + 2;
        else at_ = greater == npos ? in_.size() : greater + 1;
    }

    std::string_view name_at(std::size_t from) const {
        std::size_t end = from;
        while (end < in_.size() && is_name(in_[end])) ++end;
        return in_.substr(from, end - from);
    }

    void end_tag() {
        const std::string_view name = name_at(at_ + 2);
        const std::size_t greater = in_.find_first_of("<>", at_ + 2);
        at_ = greater == npos ? in_.size() : in_[greater] == '>' ? greater + 1 : greater;
        if (skipped_ > 0) {
            --skipped_;
            return;
        }
        if (!open_.empty() && open_.back() != name && local_part(open_.back()) == local_part(name)) return close_last();
        if (count(name) == 0) {
            if (!is_void(name)) warn("an end tag without a start tag was dropped");
            return;
        }
        if (open_.back() != name) warn("elements that overlap or are not closed were closed");
        while (open_.back() != name) close_last();
        close_last();
    }

    std::size_t count(std::string_view name) const {
        const auto found = counts_.find(name);
        return found == counts_.end() ? 0 : found->second;
    }

    void close_last() {
        out_.append("</").append(open_.back()).append(">");
        --counts_[open_.back()];
        open_.pop_back();
    }

    // Closes what cannot contain `name`.
    void close_before(std::string_view name) {
        if (is_item(name)) {
            const bool in_item = count(name) > 0;
            const bool in_container = std::any_of(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(open_.size(), 4)), is_container);
            if (in_item || (in_container && !is_container(open_.back()))) warn("an element that was not closed was closed before the next item");
            while (count(name) > 0) close_last();
            while (in_container && !open_.empty() && !is_container(open_.back())) close_last();
        } else if (!open_.empty() && is_leaf(open_.back()) && stands_beside_leaves(name)) {
            warn("an element that was not closed was closed before the next");
            close_last();
        }
    }

    void start_tag() {
        const std::string_view name = name_at(at_ + 1);
        close_before(name);
        const bool too_deep = open_.size() >= k_max_xml_depth;
        const std::size_t start = out_.size();
        out_.append("<").append(name);
        at_ += 1 + name.size();
        const bool empty = attributes();
        if (too_deep) {
            warn("elements nested too deep were left out");
            out_.resize(start);
            if (!empty) ++skipped_;
            return;
        }
        if (empty || is_void(name)) {
            out_ += "/>";
            return;
        }
        out_ += '>';
        open_.push_back(name);
        ++counts_[name];
    }

    // Copies attributes up to and over ">" or "/>"; true for "/>". A "<" ends the tag as well.
    bool attributes() {
        std::vector<std::string_view> seen;
        while (at_ < in_.size()) {
            const char c = in_[at_];
            if (c == '>') {
                ++at_;
                return false;
            }
            if (c == '/' && at_ + 1 < in_.size() && in_[at_ + 1] == '>') {
                at_ += 2;
                return true;
            }
            if (c == '<') {
                warn("a tag is not closed");
                return false;
            }
            if (is_name_start(c)) attribute(seen);
            else ++at_;
        }
        warn("the document ends within a tag");
        return false;
    }

    void skip_space() {
        while (at_ < in_.size() && is_ascii_space(in_[at_])) ++at_;
    }

    void attribute(std::vector<std::string_view>& seen) {
        const std::string_view name = name_at(at_);
        at_ += name.size();
        const std::size_t after_name = at_;
        skip_space();
        std::string_view value;
        bool has_value = true;
        if (at_ < in_.size() && in_[at_] == '=') {
            ++at_;
            skip_space();
            value = attribute_value();
        } else {
            at_ = after_name;
            has_value = false;
        }
        constexpr std::size_t k_max_attributes = 64;
        if (seen.size() >= k_max_attributes) return warn("attributes beyond the 64th of an element were left out");
        // Many are the words of a value whose quotes were not escaped; the real attributes come behind them.
        constexpr std::size_t k_max_words = 16;
        if (!has_value && seen.size() >= k_max_words)
            return warn("words among the attributes of an element were left out");
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) return;
        seen.push_back(name);
        out_.append(" ").append(name).append("=\"");
        for (const char c : value) {
            if (c == '"') out_ += "&quot;";
            else if (c == '<') out_ += "&lt;";
            else out_ += c;
        }
        out_ += '"';
    }

    // Where the value that opens at `at_` ends. Markup that was not escaped has quotes of its own:
    // description="by <a href="https://a.example">us</a>".
    std::size_t closing_quote(char quote) {
        constexpr std::size_t k_longest = 1024;  // so far the value is looked at for tags
        Finder& finder = quote == '"' ? double_quote_ : single_quote_;
        std::size_t end = finder.find(in_, at_ + 1);
        if (end == npos || end - at_ > k_longest) return end;
        bool in_tag = false;
        bool in_inner = false;
        const std::size_t limit = std::min(in_.size(), at_ + k_longest);
        for (std::size_t at = at_ + 1; at < limit; ++at) {
            const char c = in_[at];
            if (c == '<') in_tag = true;
            else if (c == '>') in_tag = false;
            else if (c == quote && in_inner) in_inner = false;
            else if (c == quote && in_tag && in_[at - 1] == '=') in_inner = true;
            else if (c == quote) return at;
        }
        return end;
    }

    std::string_view attribute_value() {
        if (at_ >= in_.size()) return {};
        const char quote = in_[at_];
        if (quote == '"' || quote == '\'') {
            const std::size_t end = closing_quote(quote);
            // A quote that is never closed must not swallow the rest of the document: the value then ends with the tag.
            if (end != npos && end < line_with_tag_.find(in_, at_ + 1)) {
                const std::string_view value = in_.substr(at_ + 1, end - at_ - 1);
                at_ = end + 1;
                return value;
            }
            warn("an attribute value is not closed");
            ++at_;
        }
        const std::size_t begin = at_;
        while (at_ < in_.size() && !is_ascii_space(in_[at_]) && in_[at_] != '>' && in_[at_] != '<') ++at_;
        std::size_t end = at_;
        if (end > begin && in_[end - 1] == '/' && end < in_.size() && in_[end] == '>') at_ = --end;
        return in_.substr(begin, end - begin);
    }

    std::string_view in_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<std::string_view> open_;
    std::unordered_map<std::string_view, std::size_t> counts_;
    Finder cdata_start_{"<![CDATA["}, cdata_end_{"]]>"}, comment_end_{"-->"}, instruction_end_{"?>"}, greater_{">"};
    Finder double_quote_{"\""}, single_quote_{"'"}, line_with_tag_{"\n<"};
    std::size_t skipped_ = 0;  // elements too deep that are open
    std::vector<std::string> warnings_;
};

bool is_forbidden_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

// The length of the forbidden character at the start of `text`; 0 when it may stand in XML.
std::size_t forbidden_at(std::string_view text) {
    if (is_forbidden_control(text[0])) return 1;
    if (text[0] == '\xEF' && (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF"))) return 3;
    return 0;
}

}  // namespace

RepairedXml repair_xml(std::string_view utf8) { return Repair(utf8).run(); }

std::string without_forbidden_characters(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        if (const std::size_t length = forbidden_at(utf8.substr(at)); length > 0) at += length;
        else out += utf8[at++];
    }
    return out;
}

bool has_forbidden_characters(std::string_view utf8) {
    // Eight bytes at a time: most have none below the space, and a look at each is for those that have.
    constexpr std::uint64_t k_spaces = 0x2020202020202020, k_high_bits = 0x8080808080808080;
    std::size_t at = 0;
    for (std::uint64_t block = 0; at + sizeof block <= utf8.size(); at += sizeof block) {
        std::memcpy(&block, utf8.data() + at, sizeof block);
        if (((block - k_spaces) & ~block & k_high_bits) == 0) continue;
        for (std::size_t i = 0; i < sizeof block; ++i)
            if (is_forbidden_control(utf8[at + i])) return true;
    }
    for (; at < utf8.size(); ++at)
        if (is_forbidden_control(utf8[at])) return true;
    for (at = utf8.find("\xEF\xBF"); at != npos; at = utf8.find("\xEF\xBF", at + 1))
        if (forbidden_at(utf8.substr(at)) > 0) return true;
    return false;
}

}  // namespace agg
