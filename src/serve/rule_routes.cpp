#include "serve/rule_routes.hpp"

#include <charconv>

#include "serve/routes.hpp"
#include "serve/rules_json.hpp"

namespace agg::serve {
namespace {

constexpr std::size_t k_most_examples = 1000;

// Without the feeds, which the daemon has to find.
Result<store::Trial> read_trial(const Request& request, TimePoint now) {
    store::Trial trial;
    auto match = parse_match(request.parameter("match").value_or(""));
    if (!match) return tl::unexpected(match.error());
    trial.match = std::move(*match);
    if (const auto text = request.parameter("since")) {
        const auto since = parse_query(fmt::format("since:\"{}\"", *text));
        if (!since) return fail(ErrorKind::invalid, "since: {}", since.error().message);
        trial.since = since->date ? *since->date : now - since->age.value_or(std::chrono::milliseconds{0});
    }
    if (const auto text = request.parameter("n")) {
        const auto read = std::from_chars(text->data(), text->data() + text->size(), trial.examples);
        if (read.ec != std::errc{} || read.ptr != text->data() + text->size() || trial.examples > k_most_examples)
            return fail(ErrorKind::invalid, "n is the number of examples, 0 to {}.", k_most_examples);
    }
    for (const auto& [name, value] : request.query)
        if (name == "tag") trial.tags.push_back(value);
    return trial;
}

}  // namespace

Task<Response> rules(Services& services, Request) {
    const auto report = co_await services.admin.rules();
    if (!report) co_return error_response(report.error());
    co_return response(200, "application/json", write_rules(*report));
}

Task<Response> try_rule(Services& services, Request request) {
    auto trial = read_trial(request, services.now());
    if (!trial) co_return error_response(trial.error());
    for (const auto& [name, value] : request.query) {
        if (name != "feed") continue;
        Task<Result<FeedDetails>> finding = services.admin.feed(value);
        const auto feed = co_await std::move(finding);
        if (!feed) co_return error_response(feed.error());
        trial->feeds.push_back(feed->status.name);
    }
    auto work = [trial = std::move(*trial)](store::Reader& reader) { return reader.try_rule(trial); };
    Task<store::TrialOutcome> trying = services.read(std::move(work));
    const store::TrialOutcome outcome = co_await std::move(trying);
    co_return response(200, "application/json", write_trial(outcome));
}

}  // namespace agg::serve
