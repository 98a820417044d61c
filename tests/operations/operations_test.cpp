// The alert rules and the page for administrators, in step with the code.
#include <filesystem>
#include <regex>
#include <set>

#include <catch2/catch.hpp>

#include "support/process.hpp"

using namespace agg::test;

namespace {

const std::string k_source = AGGD_SOURCE_DIR "/";

// Runs of white space become single spaces.
std::string flowing(const std::string& text) {
    std::string flowed;
    for (const char c : text) {
        const char next = std::isspace(static_cast<unsigned char>(c)) != 0 ? ' ' : c;
        if (next != ' ' || flowed.empty() || flowed.back() != ' ') flowed += next;
    }
    return flowed;
}

std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// What all string literals of src/ say; those that are cut in two are joined.
std::string all_literals() {
    std::string all;
    for (const auto& file : std::filesystem::recursive_directory_iterator(k_source + "src")) {
        if (file.path().extension() != ".cpp" && file.path().extension() != ".hpp") continue;
        const std::string text = read_file(file.path());
        bool inside = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (inside && text[i] == '\\') {
                all += text[++i];
            } else if (text[i] == '"') {
                inside = !inside;
                const std::size_t next = text.find_first_not_of(" \n", i + 1);
                if (!inside && next != std::string::npos && text[next] != '"') all += '\n';
            } else if (inside) {
                all += text[i];
            }
        }
        all += '\n';
    }
    return all;
}

}  // namespace

TEST_CASE("every metric of the alert rules is one that aggd gives") {
    const std::string rules = read_file(k_source + "examples/prometheus/aggd.rules.yml");
    const std::string metrics = read_file(k_source + "src/serve/metrics.cpp");
    static const std::regex name("aggd_[a-z_]+");
    std::set<std::string> used;
    for (std::sregex_iterator match(rules.begin(), rules.end(), name), end; match != end; ++match)
        used.insert(match->str());
    CHECK(used.size() >= 6);
    for (const std::string& metric : used) {
        INFO(metric);
        CHECK(metrics.find("\"" + metric + "\"") != std::string::npos);
    }
}

TEST_CASE("the alert rules are what Prometheus takes, and fire when they should") {
    if (!is_installed("promtool")) {
        WARN("skipped: promtool is not installed");
        return;
    }
    const Finished checked = run({"promtool", "check", "rules", k_source + "examples/prometheus/aggd.rules.yml"});
    INFO(checked.out << checked.err);
    CHECK(checked.exit_code == 0);
    const Finished tried = run({"promtool", "test", "rules", k_source + "tests/operations/aggd.rules.test.yml"});
    INFO(tried.out << tried.err);
    CHECK(tried.exit_code == 0);
}

TEST_CASE("what docs/operations.md quotes of aggd is what aggd says") {
    const std::string said = flowing(all_literals());
    const std::string page = read_file(k_source + "docs/operations.md");
    // Quotations stand as **"..."**; what differs from case to case is an ellipsis.
    static const std::regex quotation("\\*\\*\"([^\"]+)\"\\*\\*");
    std::size_t count = 0;
    for (std::sregex_iterator match(page.begin(), page.end(), quotation), end; match != end; ++match, ++count) {
        const std::string text = flowing((*match)[1]);
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t stop = std::min(text.find("...", begin), text.size());
            const std::string part = trimmed(text.substr(begin, stop - begin));
            INFO(text << ": " << part);
            CHECK(said.find(part) != std::string::npos);
            begin = stop + 3;
        }
    }
    CHECK(count >= 10);
}
