// Control::check: a feed or a feeds.conf, looked at without subscribing to anything.
#include <algorithm>

#include "aggd/clock.hpp"
#include "aggd/control.hpp"
#include "aggd/lint.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "config/config.hpp"
#include "config/file.hpp"

namespace agg::aggd {
namespace {

serve::CheckReport check_config(std::string_view text, const std::string& file) {
    serve::CheckReport report;
    const auto config = config::parse_config(text, file);
    report.what =
        config ? fmt::format("feeds.conf with {} feed{}", config->feeds.size(), config->feeds.size() == 1 ? "" : "s")
               : "feeds.conf with errors";
    if (config) return report;
    for (const config::Problem& problem : config.error())
        report.findings.push_back({serve::Severity::error, "config", config::to_string(problem)});
    return report;
}

// Feeds begin with a tag or a brace, which no feeds.conf does.
bool looks_like_a_feed(std::string_view document) {
    if (document.starts_with("\xEF\xBB\xBF")) document.remove_prefix(3);
    if (document.starts_with("\xFF\xFE") || document.starts_with("\xFE\xFF")) return true;
    document = trim(document);
    return document.starts_with('<') || document.starts_with('{');
}

Result<serve::CheckReport> check_document(std::string document, TimePoint time) {
    if (!looks_like_a_feed(document)) return check_config(document, "feeds.conf");
    fetch::Response answer;
    answer.body = std::move(document);
    Lint seen = lint(answer, time);
    return serve::CheckReport{std::move(seen.what), 0, std::move(seen.findings)};
}

Result<serve::CheckReport> check_file(const std::string& file) {
    const auto text = config::read_file(file);
    if (!text) return fail(text.error().kind, "{}: {}", file, text.error().message);
    return check_config(*text, file);
}

}  // namespace

Task<Result<serve::CheckReport>> Control::check(serve::CheckRequest request) {
    if (request.url.empty() && request.document.empty()) {
        auto read = [file = parts_.live_config.file()] { return check_file(file); };
        co_return co_await run_on(parts_.workers, std::move(read));
    }
    if (request.url.empty()) {
        auto look = [document = std::move(request.document), time = now()] { return check_document(document, time); };
        co_return co_await run_on(parts_.workers, std::move(look));
    }
    const auto url = Url::parse_typed(request.url);
    if (!url) co_return tl::unexpected(url.error());
    if (!url->is_http())
        co_return fail(ErrorKind::invalid, "{} is no web address: http:// and https:// can be checked", url->shown());
    fetch::Request first_request{.url = *url};
    const auto first = co_await parts_.client.get(std::move(first_request));
    if (!first) co_return fail(first.error().kind, "{}: {}", url->shown(), first.error().message);
    auto look = [&answer = *first, time = now()] { return lint(answer, time); };
    Lint seen = co_await run_on(parts_.workers, std::move(look));
    serve::CheckReport report{std::move(seen.what), 1, std::move(seen.findings)};
    if (first->url != url->without_credentials())
        report.findings.push_back(
            {serve::Severity::note, "redirect", fmt::format("it is at {}; subscribe to that", shown_url(first->url))});
    const bool is_feed = std::none_of(
        report.findings.begin(), report.findings.end(),
        [](const serve::Finding& finding) { return finding.rule == "no-feed" || finding.rule == "status"; });
    if (!is_feed) co_return report;

    const Validators validators = validators_of(*first);
    fetch::Response second;
    if (!validators.etag.empty() || !validators.last_modified.empty()) {
        fetch::Request again{.url = *url, .validators = validators, .validators_url = first->url};
        auto answer = co_await parts_.client.get(std::move(again));
        if (!answer) co_return fail(answer.error().kind, "{}, asked again: {}", url->shown(), answer.error().message);
        second = std::move(*answer);
        ++report.requests;
    }
    for (serve::Finding& finding : lint_validators(*first, second)) report.findings.push_back(std::move(finding));
    std::stable_sort(report.findings.begin(), report.findings.end(),
                     [](const serve::Finding& a, const serve::Finding& b) { return a.severity > b.severity; });
    co_return report;
}

}  // namespace agg::aggd
