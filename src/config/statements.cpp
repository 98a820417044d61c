#include "config/statements.hpp"

#include "base/text.hpp"

namespace agg::config {
namespace {

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    }

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }

    // The statement that begins here. `table` is the path of the header above it.
    Statement next(std::size_t begin, const std::vector<std::string>& table) {
        Statement statement;
        statement.begin = begin;
        skip_space();
        if (at_end() || peek() == '\n' || peek() == '\r') {
            statement.kind = StatementKind::blank;
        } else if (peek() == '#') {
            statement.kind = StatementKind::comment;
        } else if (peek() == '[') {
            statement.kind = StatementKind::header;
            while (!at_end() && peek() == '[') ++at_;
            statement.path = read_path();
        } else {
            read_pair(statement, table, Within::line);
        }
        skip_line();
        statement.end = at_;
        return statement;
    }

    // The pairs of the inline table that begins at `begin`.
    std::vector<Statement> pairs(std::size_t begin, const std::vector<std::string>& table) {
        std::vector<Statement> pairs;
        at_ = begin;
        do {
            ++at_;
            while (!at_end() && is_ascii_space(peek())) ++at_;
            if (at_end() || peek() == '}') break;
            Statement& pair = pairs.emplace_back();
            pair.begin = at_;
            read_pair(pair, table, Within::inline_table);
            pair.end = pair.value_end;
        } while (!at_end() && peek() == ',');
        return pairs;
    }

  private:
    enum class Within { line, inline_table };

    void read_pair(Statement& pair, const std::vector<std::string>& table, Within within) {
        pair.kind = StatementKind::key_value;
        pair.path = table;
        for (std::string& name : read_path()) pair.path.push_back(std::move(name));
        pair.name_begin = name_begin_;
        pair.name_end = name_end_;
        if (!at_end() && peek() == '=') ++at_;
        skip_space();
        pair.value_begin = at_;
        skip_value(within);
        pair.value_end = at_;
        while (pair.value_end > pair.value_begin && is_ascii_space(text_[pair.value_end - 1])) --pair.value_end;
    }

    [[nodiscard]] char peek() const { return text_[at_]; }
    [[nodiscard]] bool looking_at(std::string_view word) const { return text_.substr(at_).starts_with(word); }

    void skip_space() {
        while (!at_end() && (peek() == ' ' || peek() == '\t')) ++at_;
    }
    void skip_line() {
        while (!at_end() && peek() != '\n') ++at_;
        if (!at_end()) ++at_;
    }

    // a."b.c".'d'
    std::vector<std::string> read_path() {
        std::vector<std::string> path;
        do {
            if (!path.empty()) ++at_;
            skip_space();
            name_begin_ = at_;
            path.push_back(read_name());
            name_end_ = at_;
            skip_space();
        } while (!at_end() && peek() == '.');
        return path;
    }

    // Escapes stay as they are: no name of a feed has any, so such a name is just another one.
    std::string read_name() {
        const std::size_t begin = at_;
        if (!at_end() && (peek() == '"' || peek() == '\'')) {
            skip_string();
            return std::string(text_.substr(begin + 1, at_ > begin + 1 ? at_ - begin - 2 : 0));
        }
        while (!at_end() && std::string_view(" \t\r\n.=]#").find(peek()) == std::string_view::npos) ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    void skip_string() {
        const char quote = peek();
        const bool has_escapes = quote == '"';
        const std::string long_quote(3, quote);
        const bool is_long = looking_at(long_quote);
        at_ += is_long ? 3 : 1;
        while (!at_end()) {
            if (has_escapes && peek() == '\\') {
                at_ = std::min(at_ + 2, text_.size());
            } else if (!is_long && (peek() == quote || peek() == '\n')) {
                if (peek() == quote) ++at_;
                return;
            } else if (is_long && looking_at(long_quote)) {
                at_ += 3;
                // Up to two quotes may stand before the closing three.
                while (!at_end() && peek() == quote) ++at_;
                return;
            } else {
                ++at_;
            }
        }
    }

    // To the end of the value's last line or the comment behind it; in an inline table to what ends the pair.
    void skip_value(Within within) {
        std::size_t depth = 0;
        while (!at_end()) {
            const char c = peek();
            if (c == '"' || c == '\'') {
                skip_string();
                continue;
            }
            if (within == Within::inline_table && depth == 0 && (c == ',' || c == '}')) return;
            if (c == '[' || c == '{') ++depth;
            if ((c == ']' || c == '}') && depth > 0) --depth;
            if (c == '#' && depth > 0) {
                while (!at_end() && peek() != '\n') ++at_;
                continue;
            }
            if (depth == 0 && (c == '\n' || c == '#')) return;
            ++at_;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t name_begin_ = 0, name_end_ = 0;  // the last one that was read
};

}  // namespace

std::vector<Statement> to_statements(std::string_view text) {
    std::vector<Statement> statements;
    std::vector<std::string> table;
    Scanner scanner(text);
    std::size_t begin = 0;
    while (begin < text.size()) {
        statements.push_back(scanner.next(begin, table));
        if (statements.back().kind == StatementKind::header) table = statements.back().path;
        begin = statements.back().end;
    }
    return statements;
}

std::vector<Statement> inline_pairs(std::string_view text, const Statement& owner) {
    if (owner.value_begin >= owner.value_end || text[owner.value_begin] != '{') return {};
    return Scanner(text.substr(0, owner.value_end)).pairs(owner.value_begin, owner.path);
}

}  // namespace agg::config
