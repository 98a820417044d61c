// The tokenizer cases of html5lib-tests, from $AGGD_SHARED/data/html5lib/tokenizer. They are no part of this project.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "clean/html_tokenizer.hpp"

using namespace agg::clean;
namespace json = boost::json;

namespace {

// "\u00e9" in a case that is escaped twice.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "\\u" && i + 6 <= text.size()) {
            char32_t unit = static_cast<char32_t>(std::stoul(std::string(text.substr(i + 2, 4)), nullptr, 16));
            i += 5;
            if (unit >= 0xD800 && unit < 0xDC00 && text.substr(i + 1, 2) == "\\u") {
                const char32_t low = static_cast<char32_t>(std::stoul(std::string(text.substr(i + 3, 4)), nullptr, 16));
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                i += 6;
            }
            agg::append_utf8(out, unit);
        } else {
            out += text[i];
        }
    }
    return out;
}

json::value unescaped(const json::value& value, bool twice) {
    if (!twice) return value;
    if (value.is_string()) return json::string(unescaped(std::string_view(value.get_string())));
    if (value.is_array()) {
        json::array out;
        for (const auto& inner : value.get_array()) out.push_back(unescaped(inner, twice));
        return out;
    }
    if (value.is_object()) {
        json::object out;
        for (const auto& [key, inner] : value.get_object())
            out[unescaped(std::string_view(key))] = unescaped(inner, twice);
        return out;
    }
    return value;
}

json::array tokens_of(std::string_view html, ContentModel model, std::string_view last_start_tag) {
    HtmlTokenizer tokenizer(html);
    tokenizer.read_as(model, last_start_tag);
    HtmlToken token;
    json::array out;
    const auto text = [](std::string_view view) { return json::string(view); };
    while (tokenizer.next(token)) {
        switch (token.kind) {
            case TokenKind::text:
                if (!out.empty() && out.back().at(0) == "Character")
                    out.back().at(1).get_string().append(token.text);
                else
                    out.push_back(json::array{"Character", text(token.text)});
                break;
            case TokenKind::start_tag: {
                json::object attributes;
                for (const auto& [name, value] : token.attributes) attributes[name] = text(value);
                json::array tag{"StartTag", text(token.text), attributes};
                if (token.self_closing) tag.push_back(true);
                out.push_back(tag);
                break;
            }
            case TokenKind::end_tag: out.push_back(json::array{"EndTag", text(token.text)}); break;
            case TokenKind::comment: out.push_back(json::array{"Comment", text(token.text)}); break;
            case TokenKind::doctype: {
                json::value name = token.text.empty() ? json::value(nullptr) : json::value(text(token.text));
                json::value public_id = token.has_public_id ? json::value(text(token.public_id)) : json::value(nullptr);
                json::value system_id = token.has_system_id ? json::value(text(token.system_id)) : json::value(nullptr);
                out.push_back(json::array{"DOCTYPE", name, public_id, system_id, !token.force_quirks});
                break;
            }
        }
    }
    return out;
}

ContentModel model_called(std::string_view state) {
    if (state == "RCDATA state") return ContentModel::rcdata;
    if (state == "RAWTEXT state") return ContentModel::rawtext;
    if (state == "Script data state") return ContentModel::script_data;
    if (state == "PLAINTEXT state") return ContentModel::plaintext;
    if (state == "CDATA section state") return ContentModel::cdata;
    return ContentModel::data;
}

struct Count {
    std::size_t cases = 0;
    std::size_t passed = 0;
};

void run(const json::object& test, std::string_view file, Count& count) {
    const bool twice = test.contains("doubleEscaped") && test.at("doubleEscaped").as_bool();
    const json::value input = unescaped(test.at("input"), twice);
    const json::value expected = unescaped(test.at("output"), twice);
    const std::string_view last =
        test.contains("lastStartTag") ? std::string_view(test.at("lastStartTag").as_string()) : "";
    json::array states{"Data state"};
    if (test.contains("initialStates")) states = test.at("initialStates").as_array();
    for (const auto& state : states) {
        ++count.cases;
        const json::array actual = tokens_of(input.as_string(), model_called(state.as_string()), last);
        if (actual == expected) {
            ++count.passed;
            continue;
        }
        UNSCOPED_INFO(file << ", " << state << ": " << test.at("description") << "\n  in   " << json::serialize(input)
                           << "\n  want " << json::serialize(expected) << "\n  got  " << json::serialize(actual));
    }
}

}  // namespace

TEST_CASE("the tokenizer passes every case of html5lib") {
    const char* shared = std::getenv("AGGD_SHARED");
    const std::filesystem::path folder =
        std::filesystem::path(shared != nullptr ? shared : "") / "data/html5lib/tokenizer";
    if (shared == nullptr || !std::filesystem::exists(folder)) {
        WARN("skipped: AGGD_SHARED names no folder with data/html5lib/tokenizer");
        return;
    }
    Count count;
    std::size_t tests = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".test") continue;
        std::ifstream in(entry.path());
        const std::string text(std::istreambuf_iterator<char>(in), {});
        json::parse_options options;
        options.allow_invalid_utf8 = true;
        const json::value document = json::parse(text, {}, options);
        if (!document.as_object().contains("tests")) continue;  // xmlViolation.test is about trees that become XML
        for (const auto& test : document.at("tests").as_array()) {
            ++tests;
            run(test.as_object(), entry.path().filename().string(), count);
        }
    }
    std::cout << "html5lib tokenizer: " << count.passed << " of " << count.cases << " runs passed (" << tests
              << " cases, some in several states)\n";
    CHECK(count.passed == count.cases);
}
