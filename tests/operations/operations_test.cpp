// The alert rules and the page for administrators, in step with the code.
#include <filesystem>
#include <regex>
#include <set>

#include <catch2/catch.hpp>

#include "support/process.hpp"

using namespace agg::test;

namespace {

const std::string k_source = AGGD_SOURCE_DIR "/";

std::string without_line_ends(const std::string& text) { return std::regex_replace(text, std::regex("\\s+"), " "); }

// What all string literals of src/ say, one after another, those that are cut in two joined.
std::string all_literals() {
    static const std::regex literal("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    std::string all;
    for (const auto& file : std::filesystem::recursive_directory_iterator(k_source + "src")) {
        if (file.path().extension() != ".cpp" && file.path().extension() != ".hpp") continue;
        const std::string text = std::regex_replace(read_file(file.path()), std::regex("\"\\s*\n\\s*\""), "");
        for (std::sregex_iterator match(text.begin(), text.end(), literal), end; match != end; ++match)
            all += (*match)[1].str() + "\n";
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
    const std::string said = without_line_ends(all_literals());
    const std::string page = read_file(k_source + "docs/operations.md");
    // Quotations stand as **"..."**; what differs from case to case is an ellipsis.
    static const std::regex quotation("\\*\\*\"([^\"]+)\"\\*\\*");
    std::size_t count = 0;
    for (std::sregex_iterator match(page.begin(), page.end(), quotation), end; match != end; ++match, ++count) {
        std::string text = without_line_ends((*match)[1]);
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t stop = std::min(text.find("...", begin), text.size());
            std::string part = text.substr(begin, stop - begin);
            while (!part.empty() && part.back() == ' ') part.pop_back();
            part.erase(0, part.find_first_not_of(' ') == std::string::npos ? part.size() : part.find_first_not_of(' '));
            INFO(text << ": " << part);
            CHECK(said.find(part) != std::string::npos);
            begin = stop + 3;
        }
    }
    CHECK(count >= 10);
}
