#include "base/query.hpp"

#include <algorithm>
#include <array>

#include "base/pattern.hpp"
#include "base/text.hpp"

namespace agg {
namespace {

constexpr std::size_t k_longest_query = 2000;
constexpr std::size_t k_most_terms = 100;
constexpr std::size_t k_deepest = 20;

// What is read: what a search or a view asks of what is stored, or what a rule asks of an item.
enum class Language { query, match };

struct Key {
    std::string_view name;
    Query::Kind kind;
};
constexpr auto k_keys = std::to_array<Key>({{"title", Query::Kind::title},
                                            {"author", Query::Kind::author},
                                            {"body", Query::Kind::body},
                                            {"link", Query::Kind::link},
                                            {"category", Query::Kind::category},
                                            {"tag", Query::Kind::tag},
                                            {"source", Query::Kind::source},
                                            {"since", Query::Kind::since},
                                            {"is", Query::Kind::unread}});

bool is_for(Query::Kind kind, Language language) {
    using Kind = Query::Kind;
    if (kind == Kind::title || kind == Kind::author) return true;
    const bool is_of_items = kind == Kind::body || kind == Kind::link || kind == Kind::category;
    return is_of_items == (language == Language::match);
}

// "/regex/" or "/regex/i" as a whole word.
bool looks_like_pattern(std::string_view word) {
    if (word.ends_with('i')) word.remove_suffix(1);
    return word.size() > 2 && word.starts_with('/') && word.ends_with('/');
}

bool is_searchable(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || (c & 0x80) != 0; });
}

class Reader {
  public:
    Reader(std::string_view text, Language language) : text_(text), language_(language) {}

    Result<Query> read() {
        if (text_.size() > k_longest_query) return fail_at(0, "a query has at most {} bytes", k_longest_query);
        if (const std::size_t valid = utf8_prefix(text_); valid < text_.size())
            return fail_at(valid, "this is not UTF-8");
        auto query = read_all_of(0);
        if (!query) return query;
        if (at_ < text_.size()) return fail_at(at_, "\")\" without \"(\" before it");
        return query;
    }

  private:
    template <typename... Args>
    [[nodiscard]] tl::unexpected<Error> fail_at(std::size_t at, fmt::format_string<Args...> format, Args&&... args) {
        const auto characters = std::count_if(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at),
                                              [](char c) { return (c & 0xC0) != 0x80; });
        return fail(ErrorKind::invalid, "column {}: {}", characters + 1,
                    fmt::format(format, std::forward<Args>(args)...));
    }

    void skip_space() {
        while (at_ < text_.size() && is_ascii_space(text_[at_])) ++at_;
    }
    // True, and past it, when the next word is exactly `word`.
    bool take_word(std::string_view word) {
        const std::string_view rest = text_.substr(at_);
        if (!rest.starts_with(word)) return false;
        if (rest.size() > word.size() && !is_ascii_space(rest[word.size()]) && rest[word.size()] != '(') return false;
        at_ += word.size();
        return true;
    }
    [[nodiscard]] bool at_end() const { return at_ == text_.size() || text_[at_] == ')'; }

    // Terms up to the end or a ")".
    Result<Query> read_all_of(std::size_t depth) {
        Query all;
        bool is_or = false;
        for (skip_space(); !at_end(); skip_space()) {
            const std::size_t begin = at_;
            if (take_word("AND") && !all.parts.empty()) continue;
            at_ = begin;
            if (take_word("OR")) {
                if (all.parts.empty() || is_or)
                    return fail_at(begin, "OR stands between two terms; write \"OR\" to search for it");
                is_or = true;
                continue;
            }
            auto term = read_term(depth);
            if (!term) return term;
            if (!is_or) {
                all.parts.push_back(std::move(*term));
                continue;
            }
            is_or = false;
            Query& before = all.parts.back();
            if (before.kind != Query::Kind::any_of) before = Query{.kind = Query::Kind::any_of, .parts = {before}};
            before.parts.push_back(std::move(*term));
        }
        if (is_or) return fail_at(at_, "OR stands between two terms, and there is none behind it");
        if (all.parts.size() == 1) return std::move(all.parts.front());
        return all;
    }

    Result<Query> read_term(std::size_t depth) {
        if (++terms_ > k_most_terms) return fail_at(at_, "a query has at most {} terms", k_most_terms);
        if (depth > k_deepest) return fail_at(at_, "more than {} parentheses within each other", k_deepest);
        const std::size_t begin = at_;
        if (text_[at_] == '-' && at_ + 1 < text_.size() && !is_ascii_space(text_[at_ + 1])) {
            ++at_;
            if (at_end()) return fail_at(begin, "\"-\" stands before a term, and there is none");
            auto term = read_term(depth + 1);
            if (!term) return term;
            return Query{.kind = Query::Kind::none_of, .parts = {std::move(*term)}};
        }
        if (text_[at_] == '(') {
            ++at_;
            auto inner = read_all_of(depth + 1);
            if (!inner) return inner;
            if (at_ == text_.size()) return fail_at(begin, "\"(\" without \")\" behind it");
            ++at_;
            if (inner->is_everything()) return fail_at(begin, "nothing between \"(\" and \")\"");
            // A group stays a group: in ((a OR b) OR c) nothing is lost, in (a b) OR c everything.
            return inner;
        }
        return read_key_or_text();
    }

    Result<Query> read_key_or_text() {
        const std::size_t begin = at_;
        std::size_t colon = at_;
        while (colon < text_.size() && is_ascii_alpha(text_[colon])) ++colon;
        if (colon == at_ || colon == text_.size() || text_[colon] != ':') return read_text(Query::Kind::text, begin);
        const std::string name = ascii_lower(text_.substr(at_, colon - at_));
        const auto* key =
            std::find_if(k_keys.begin(), k_keys.end(), [&](const Key& each) { return each.name == name; });
        if (key == k_keys.end()) {
            std::string_view meant;
            for (const Key& each : k_keys)
                if (edit_distance(name.substr(0, 20), each.name) <= 2 && meant.empty() && name.size() > 2 &&
                    is_for(each.kind, language_))
                    meant = each.name;
            return fail_at(begin, "unknown key \"{}\"{}; to search for the text, put it in quotes", name,
                           meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant));
        }
        if (!is_for(key->kind, language_) && language_ == Language::match)
            return fail_at(
                begin, "{}: is not for rules, which ask about the item alone; feeds and tags say what a rule is for",
                name);
        if (!is_for(key->kind, language_)) return fail_at(begin, "{}: is for the match of a rule only", name);
        at_ = colon + 1;
        if (at_end() || is_ascii_space(text_[at_])) return fail_at(begin, "{}: is not followed by anything", name);
        if (name == "is") return read_state();
        if (name == "since") return read_since();
        return read_text(key->kind, begin);
    }

    // A word or a phrase in quotes, at `at_`.
    struct Value {
        std::string text;
        bool quoted = false;
    };
    Result<Value> read_value() {
        if (text_[at_] == '"') {
            const std::size_t close = text_.find('"', at_ + 1);
            if (close == std::string_view::npos) return fail_at(at_, "the quote is not closed");
            Value value{collapse_space(text_.substr(at_ + 1, close - at_ - 1)), true};
            at_ = close + 1;
            return value;
        }
        const std::size_t begin = at_;
        while (at_ < text_.size() && !is_ascii_space(text_[at_]) && text_[at_] != '(' && text_[at_] != ')' &&
               text_[at_] != '"')
            ++at_;
        return Value{std::string(text_.substr(begin, at_ - begin))};
    }

    // "/regex/" at `at_`, a "/" within it written "\\/"; then perhaps "i".
    Result<Query> read_pattern(Query::Kind kind) {
        const std::size_t begin = at_ + 1;
        std::size_t end = begin;
        while (end < text_.size() && text_[end] != '/') end += text_[end] == '\\' ? 2 : 1;
        if (end >= text_.size())
            return fail_at(at_, "the regular expression has no \"/\" at its end; to look for \"/\", put it in quotes");
        Query query{.kind = kind, .text = std::string(text_.substr(begin, end - begin)), .form = Query::Form::pattern};
        at_ = end + 1;
        if (at_ < text_.size() && text_[at_] == 'i') {
            query.form = Query::Form::pattern_any_case;
            ++at_;
        }
        if (at_ < text_.size() && !is_ascii_space(text_[at_]) && text_[at_] != ')')
            return fail_at(at_,
                           "after a regular expression stands a space, or \"i\": case does not matter; \"/\" within "
                           "it is written \"\\/\"");
        if (query.text.empty()) return fail_at(begin, "an empty regular expression matches everything");
        const auto letters = query.form == Query::Form::pattern ? Pattern::Case::matters : Pattern::Case::ignored;
        if (const auto read = Pattern::read(query.text, letters); !read)
            return fail_at(begin, "this regular expression cannot be read: {}", read.error().message);
        return query;
    }

    Result<Query> read_text(Query::Kind kind, std::size_t begin) {
        const std::size_t word = at_;
        const bool is_name = kind == Query::Kind::tag || kind == Query::Kind::source;
        if (language_ == Language::match && text_[at_] == '/') return read_pattern(kind);
        auto value = read_value();
        if (!value) return tl::unexpected(value.error());
        Query query{.kind = kind, .text = std::move(value->text)};
        if (!is_name && !value->quoted && looks_like_pattern(query.text))
            return fail_at(word,
                           "regular expressions are for the match of a rule only; to search for the text, put it "
                           "in quotes");
        if (is_name) {
            if (query.text.empty()) return fail_at(begin, "an empty name");
            return query;
        }
        if (!value->quoted && query.text.ends_with('*')) {
            query.text.pop_back();
            query.is_beginning = true;
        } else if (value->quoted && at_ < text_.size() && text_[at_] == '*') {
            ++at_;
            query.is_beginning = true;
        }
        if (!is_searchable(query.text))
            return fail_at(begin, "\"{}\" has no letter or digit to search for", query.text);
        return query;
    }

    Result<Query> read_state() {
        const std::size_t begin = at_;
        const auto value = read_value();
        if (!value) return tl::unexpected(value.error());
        if (value->text == "unread") return Query{.kind = Query::Kind::unread};
        if (value->text == "read") return Query{.kind = Query::Kind::read};
        if (value->text == "starred") return Query{.kind = Query::Kind::starred};
        if (value->text == "hidden") return Query{.kind = Query::Kind::hidden};
        return fail_at(begin, "is: takes unread, read, starred or hidden, not \"{}\"", value->text);
    }

    Result<Query> read_since() {
        const std::size_t begin = at_;
        const auto value = read_value();
        if (!value) return tl::unexpected(value.error());
        Query query{.kind = Query::Kind::since};
        query.age = parse_duration(value->text);
        if (!query.age) query.date = parse_rfc3339(value->text.size() == 10 ? value->text + "T00:00:00Z" : value->text);
        if (query.age || query.date) return query;
        return fail_at(begin, "since: takes a duration such as 7d or a date such as 2026-11-01, not \"{}\"",
                       value->text);
    }

    std::string_view text_;
    Language language_;
    std::size_t at_ = 0;
    std::size_t terms_ = 0;
};

}  // namespace

Result<Query> parse_query(std::string_view text) { return Reader(text, Language::query).read(); }

Result<Query> parse_match(std::string_view text) {
    auto match = Reader(text, Language::match).read();
    if (match && match->is_everything())
        return fail(ErrorKind::invalid, "column 1: nothing to match; title:/./ matches every item with a title");
    return match;
}

Query both(Query a, Query b) {
    if (a.is_everything()) return b;
    if (b.is_everything()) return a;
    return Query{.parts = {std::move(a), std::move(b)}};
}

}  // namespace agg
