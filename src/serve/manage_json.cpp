#include "serve/manage_json.hpp"

#include "serve/json_values.hpp"

namespace agg::serve {
namespace {

// A setting's value as it would be typed. Lists are written as TOML writes them, which is JSON for lists of strings.
std::string typed(const json::value& value) {
    if (value.is_null()) return "";
    return value.is_string() ? json::value_to<std::string>(value) : json::serialize(value);
}

}  // namespace

const char* to_string(Severity severity) {
    switch (severity) {
        case Severity::note: return "note";
        case Severity::warning: return "warning";
        case Severity::error: return "error";
    }
    return "unknown";
}

std::string write_import(const ImportReport& report) {
    json::object object;
    object["dry_run"] = report.dry_run;
    object["format"] = text(report.format);
    object["added"] = report.added;
    object["skipped"] = report.skipped;
    object["invalid"] = report.invalid;
    json::array feeds;
    for (const ImportedFeed& feed : report.feeds)
        feeds.push_back(json::object{{"result", text(feed.result)},
                                     {"name", text(feed.name)},
                                     {"url", text(feed.url)},
                                     {"reason", text(feed.reason)}});
    object["feeds"] = std::move(feeds);
    json::array warnings;
    for (const std::string& warning : report.warnings) warnings.emplace_back(text(warning));
    object["warnings"] = std::move(warnings);
    return line(object);
}

std::string write_check(const CheckReport& report) {
    json::object object;
    object["what"] = text(report.what);
    object["requests"] = report.requests;
    json::array findings;
    for (const Finding& finding : report.findings)
        findings.push_back(json::object{{"severity", to_string(finding.severity)},
                                        {"rule", text(finding.rule)},
                                        {"message", text(finding.message)}});
    object["findings"] = std::move(findings);
    return line(object);
}

std::string write_work(const std::vector<Work>& work) {
    json::array all;
    for (const Work& each : work)
        all.push_back(json::object{
            {"what", text(each.what)}, {"done", each.done}, {"total", each.total}, {"in_bytes", each.in_bytes}});
    return line({{"work", std::move(all)}});
}

Result<std::vector<std::pair<std::string, std::string>>> read_settings(std::string_view body) {
    boost::system::error_code problem;
    const json::value document = json::parse(json::string_view(body.data(), body.size()), problem);
    if (problem) return fail(ErrorKind::invalid, "The request is not JSON: {}.", problem.message());
    const json::object* object = document.if_object();
    if (object == nullptr || object->empty())
        return fail(ErrorKind::invalid,
                    "The request must be a JSON object of settings, such as {{\"interval\": \"30min\"}}.");
    std::vector<std::pair<std::string, std::string>> settings;
    for (const auto& member : *object)
        settings.emplace_back(std::string(member.key().data(), member.key().size()), typed(member.value()));
    return settings;
}

}  // namespace agg::serve
