#include "serve/events.hpp"

#include <charconv>
#include <set>

#include <boost/asio/steady_timer.hpp>

#include "serve/control_json.hpp"
#include "serve/router.hpp"

namespace agg::serve {

struct Events::State {
    State(asio::any_io_executor where, asio::thread_pool& reader_pool, store::ReaderPool& reader, std::string identity,
          std::uint64_t known, EventLimits limited)
        : executor(std::move(where)),
          pool(reader_pool),
          readers(reader),
          store_identity(std::move(identity)),
          generation(known),
          limits(limited),
          heartbeat(executor) {}

    asio::any_io_executor executor;
    asio::thread_pool& pool;
    store::ReaderPool& readers;
    std::string store_identity;
    std::uint64_t generation;
    EventLimits limits;
    std::uint64_t changes = 1;  // of what is stored or indexed
    std::set<Stream*> streams;
    asio::steady_timer heartbeat;
    bool beating = false;
    bool stopping = false;

    void changed();
    static void beat(const std::shared_ptr<State>& state);
};

namespace {

std::string id_of(const std::string& store_identity, StoryId story) {
    return fmt::format("{}-{}", store_identity, static_cast<std::int64_t>(story));
}

// The story that an event's id names; absent when it is no id of this database.
std::optional<StoryId> story_of(std::string_view id, const std::string& store_identity) {
    if (!id.starts_with(store_identity + "-")) return std::nullopt;
    const std::string_view digits = id.substr(store_identity.size() + 1);
    std::int64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || number < 0)
        return std::nullopt;
    return StoryId{number};
}

// Where a stream begins.
struct Beginning {
    StoryId after{};
    bool is_reset = false;  // the client named a place that is not known
};

Beginning beginning_of(store::Reader& reader, const store::Selection& wanted, const std::optional<std::string>& last_id,
                       const std::string& store_identity) {
    if (last_id && !last_id->empty()) {
        const auto story = story_of(*last_id, store_identity);
        if (story && *story <= reader.newest_story()) return {*story};
        return {reader.place_before_last(wanted.query, 0, wanted.now), true};
    }
    return {reader.place_before_last(wanted.query, wanted.limit, wanted.now)};
}

struct News {
    StoryId last{};
    bool more = false;
    std::string events;
};

News read_news(store::Reader& reader, const store::Selection& wanted, StoryId after,
               const std::string& store_identity) {
    const store::Arrivals arrivals = reader.arrivals(wanted.query, after, wanted.limit, wanted.now);
    News news{arrivals.last, arrivals.stories.size() == wanted.limit, {}};
    for (const store::Story& story : reader.stories(arrivals.stories, store::Reader::Bodies::no).stories)
        news.events += fmt::format("id: {}\ndata: {}\n\n", id_of(store_identity, story.id), write_item(story));
    return news;
}

}  // namespace

class Events::Stream : public BodyStream {
  public:
    Stream(std::shared_ptr<State> state, ViewSpec spec, bool follows)
        : state_(std::move(state)),
          wanted_(std::move(spec.selection)),
          follows_(follows),
          wake_(state_->executor, asio::steady_timer::time_point::max()) {
        state_->streams.insert(this);
        State::beat(state_);
    }
    ~Stream() override { state_->streams.erase(this); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void begin(const Beginning& beginning) {
        after_ = beginning.after;
        wanted_.limit = state_->limits.batch;
        greeting_ = fmt::format("retry: {}\n", state_->limits.retry.count());
        if (beginning.is_reset)
            greeting_ += "event: reset\ndata: {\"reason\":\"the place in Last-Event-ID is not known here\"}\n";
        // Without data it is no event, but the client remembers the id.
        greeting_ += fmt::format("id: {}\n\n", id_of(state_->store_identity, after_));
    }

    Task<std::optional<std::string>> next() override {
        if (!greeting_.empty()) co_return std::exchange(greeting_, {});
        while (!state_->stopping && !abandoned_) {
            if (seen_ != state_->changes) {
                seen_ = state_->changes;
                auto work = [&readers = state_->readers, wanted = wanted_, after = after_,
                             identity = state_->store_identity] {
                    return readers.with(
                        [&](store::Reader& reader) { return read_news(reader, wanted, after, identity); });
                };
                News news = co_await run_on(state_->pool, std::move(work));
                after_ = news.last;
                if (news.more) seen_ = 0;
                if (!news.events.empty()) co_return std::move(news.events);
                continue;
            }
            if (!follows_) break;
            if (std::exchange(heartbeat_due_, false)) co_return ":\n\n";
            co_await wait_on(wake_);
        }
        co_return std::nullopt;
    }

    void abandon() override {
        abandoned_ = true;
        wake();
    }
    void wake() { wake_.cancel(); }
    void remind() {
        heartbeat_due_ = true;
        wake();
    }

  private:
    std::shared_ptr<State> state_;
    store::Selection wanted_;
    bool follows_;
    asio::steady_timer wake_;  // never fires: cancelled when there is something to look at
    std::string greeting_;
    StoryId after_{};         // all up to it have been sent
    std::uint64_t seen_ = 0;  // of State::changes
    bool heartbeat_due_ = false;
    bool abandoned_ = false;
};

void Events::State::changed() {
    ++changes;
    for (Stream* stream : streams) stream->wake();
}

// Once for all streams, and as long as there are any.
void Events::State::beat(const std::shared_ptr<State>& state) {
    if (state->beating || state->stopping) return;
    state->beating = true;
    state->heartbeat.expires_after(state->limits.heartbeat);
    state->heartbeat.async_wait([state](boost::system::error_code cancelled) {
        state->beating = false;
        if (cancelled || state->streams.empty()) return;
        for (Stream* stream : state->streams) stream->remind();
        beat(state);
    });
}

Events::Events(asio::any_io_executor executor, asio::thread_pool& pool, store::ReaderPool& readers,
               std::string store_identity, std::uint64_t generation, EventLimits limits)
    : state_(
          std::make_shared<State>(std::move(executor), pool, readers, std::move(store_identity), generation, limits)) {}

Events::~Events() { stop(); }

Task<Response> Events::answer(Request request, ViewSpec spec) {
    const std::shared_ptr<State> state = state_;
    if (state->stopping) co_return error_response(Error{ErrorKind::unavailable, "aggd is stopping."});
    if (state->streams.size() >= state->limits.streams) {
        Response busy = error_response(
            Error{ErrorKind::unavailable,
                  fmt::format("{} event streams are open, which is aggd's limit. Close one.", state->limits.streams)});
        busy.headers.emplace_back("Retry-After", "30");
        co_return busy;
    }
    const auto follow = request.parameter("follow");
    auto last_id = request.header("Last-Event-ID");
    if (const auto parameter = request.parameter("last_event_id"); parameter && !last_id) last_id = *parameter;
    if (!request.parameter("n")) spec.selection.limit = 0;
    // Counted from here on, so that the limit holds.
    auto stream = std::make_shared<Stream>(state, spec, !follow || (*follow != "false" && *follow != "0"));
    auto work = [&readers = state->readers, wanted = spec.selection, last_id, identity = state->store_identity] {
        return readers.with([&](store::Reader& reader) { return beginning_of(reader, wanted, last_id, identity); });
    };
    const Beginning beginning = co_await run_on(state->pool, std::move(work));
    stream->begin(beginning);
    Response answer;
    answer.headers.emplace_back("Content-Type", "text/event-stream");
    answer.headers.emplace_back("Cache-Control", "no-cache");
    answer.stream = std::move(stream);
    co_return answer;
}

void Events::stored(std::uint64_t generation) {
    if (generation <= state_->generation) return;
    state_->generation = generation;
    state_->changed();
}

void Events::indexed() { state_->changed(); }

void Events::stop() {
    state_->stopping = true;
    state_->heartbeat.cancel();
    for (Stream* stream : state_->streams) stream->wake();
}

std::size_t Events::open() const { return state_->streams.size(); }

}  // namespace agg::serve
