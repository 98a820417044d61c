// A strict reader of Prometheus' text exposition format 0.0.4.
#pragma once

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace agg::test {

struct Exposition {
    std::map<std::string, double> samples;  // by name and labels as they are written
    std::vector<std::string> problems;
};

inline Exposition read_exposition(const std::string& text) {
    static const std::regex k_help(R"(# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))");
    static const std::regex k_type(R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram))");
    static const std::regex k_sample(
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"\})? (-?[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?))re");
    Exposition read;
    std::set<std::string> seen;
    std::string metric, type;
    if (!text.ends_with('\n')) read.problems.emplace_back("the last line has no end");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        const auto problem = [&](const char* what) { read.problems.push_back(line + ": " + what); };
        if (std::regex_match(line, match, k_help)) {
            metric = match[1];
            type.clear();
            if (!seen.insert(metric).second) problem("a metric in two places");
        } else if (std::regex_match(line, match, k_type)) {
            if (match[1] != metric || !type.empty()) problem("TYPE does not follow its HELP");
            type = match[2];
            if ((type == "counter") != metric.ends_with("_total")) problem("counters, and only they, end in _total");
        } else if (std::regex_match(line, match, k_sample)) {
            const std::string name = match[1];
            const bool fits = type == "histogram"
                                  ? name == metric + "_bucket" || name == metric + "_sum" || name == metric + "_count"
                                  : name == metric && !type.empty();
            if (!fits) problem("a sample of no metric that was announced");
            if (!read.samples.emplace(name + match[2].str(), std::stod(match[3])).second) problem("a series twice");
        } else {
            problem("no line of the format");
        }
        if (!metric.empty() && !metric.starts_with("aggd_")) problem("a name of somebody else");
    }
    for (const auto& [series, value] : read.samples) {
        const std::size_t end = series.find("_bucket{");
        if (end == std::string::npos) continue;
        const std::string histogram = series.substr(0, end);
        const auto all = read.samples.find(histogram + "_bucket{le=\"+Inf\"}");
        const auto count = read.samples.find(histogram + "_count");
        if (all == read.samples.end() || count == read.samples.end() || all->second != count->second ||
            value > all->second)
            read.problems.push_back(series + ": the histogram is not whole");
    }
    return read;
}

}  // namespace agg::test
