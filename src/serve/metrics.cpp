#include "serve/metrics.hpp"

#include <fmt/format.h>

namespace agg::serve {
namespace {

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"') text += '\\';
        if (c == '\n')
            text += "\\n";
        else
            text += c;
    }
    return text;
}

double seconds(TimePoint time) { return static_cast<double>(to_unix_ms(time)) / 1000; }

class Exposition {
  public:
    // Begins a metric; its samples follow.
    void begin(const char* name, const char* type, const char* help) {
        name_ = name;
        text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
    }
    template <typename Number>
    void sample(Number value) {
        text_ += fmt::format("{} {}\n", name_, value);
    }
    template <typename Number>
    void sample(const char* label, std::string_view of, Number value) {
        text_ += fmt::format("{}{{{}=\"{}\"}} {}\n", name_, label, escaped(of), value);
    }
    template <typename Number>
    void one(const char* name, const char* type, const char* help, Number value) {
        begin(name, type, help);
        sample(value);
    }
    void by(const char* label, const std::map<std::string, std::uint64_t>& values) {
        for (const auto& [of, value] : values) sample(label, of, value);
    }
    void histogram(const char* name, const char* help, const Histogram& histogram) {
        begin(name, "histogram", help);
        for (std::size_t i = 0; i < Histogram::k_bounds.size(); ++i)
            text_ += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, Histogram::k_bounds[i], histogram.up_to(i));
        text_ += fmt::format("{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n", name, histogram.count(),
                             histogram.seconds());
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    std::string name_, text_;
};

void write_polls(Exposition& out, const Metrics& metrics) {
    out.begin("aggd_feeds", "gauge", "Feeds of feeds.conf, by how they do.");
    out.by("state", metrics.feeds);
    out.begin("aggd_polls_total", "counter", "Polls that ended, by what the answer meant.");
    out.by("outcome", metrics.polls);
    out.histogram("aggd_poll_duration_seconds", "Transfers of polls that were answered, with their redirects.",
                  metrics.poll_durations);
    out.one("aggd_poll_received_bytes_total", "counter", "Bytes that polls received, as they came over the wire.",
            metrics.poll_bytes_received);
    if (metrics.last_successful_poll)
        out.one("aggd_last_successful_poll_timestamp_seconds", "gauge", "When a poll succeeded last.",
                seconds(*metrics.last_successful_poll));
    out.one("aggd_offline", "gauge", "1 while no host can be reached.", metrics.offline ? 1 : 0);
    out.one("aggd_polls_due", "gauge", "Feeds whose time has come, those in flight included.", metrics.polls_due);
    out.one("aggd_polls_in_flight", "gauge", "Polls from the question to the commit.", metrics.polls_in_flight);
    out.one("aggd_polls_to_commit", "gauge", "Finished polls that wait for the writer.", metrics.polls_to_commit);
}

void write_store(Exposition& out, const Metrics& metrics) {
    out.one("aggd_storing", "gauge", "0 while the database does not take what polls bring, or is damaged.",
            metrics.storing ? 1 : 0);
    out.one("aggd_items", "gauge", "Items stored.", metrics.items);
    out.one("aggd_stories", "gauge", "Entries of the merged feed that the items make.", metrics.stories);
    out.one("aggd_items_ingested_total", "counter", "New items stored.", metrics.items_ingested);
    out.one("aggd_items_revised_total", "counter", "Stored items that came again, changed.", metrics.items_revised);
    out.one("aggd_stories_ingested_total", "counter", "New items that nobody had told before.",
            metrics.stories_ingested);
    out.begin("aggd_duplicates_total", "counter", "New items that were told elsewhere before, by the rule that knew.");
    out.by("rule", metrics.duplicates);
    out.one("aggd_stories_to_index", "gauge", "Stories that wait for the full-text index.", metrics.stories_to_index);
    out.begin("aggd_database_bytes", "gauge", "Size of the database's files.");
    out.sample("file", "main", metrics.database_bytes);
    out.sample("file", "wal", metrics.wal_bytes);
}

void write_server(Exposition& out, const Metrics& metrics) {
    const ServerCounts& server = metrics.server;
    out.begin("aggd_http_requests_total", "counter", "Requests answered, by the status.");
    for (const auto& [status, count] : server.responses) out.sample("code", std::to_string(status), count);
    out.histogram("aggd_http_request_duration_seconds",
                  "From a request's header to the last byte of its response, without event streams.", server.durations);
    out.one("aggd_http_received_bytes_total", "counter", "Bytes of requests.", server.bytes_received);
    out.one("aggd_http_sent_bytes_total", "counter", "Bytes of responses.", server.bytes_sent);
    out.begin("aggd_http_connections", "gauge", "Connections open.");
    out.sample("socket", "tcp", server.tcp_connections);
    out.sample("socket", "unix", server.unix_connections);
    out.one("aggd_http_connections_closed_for_room_total", "counter", "Idle connections closed to take another.",
            server.closed_for_room);
    out.one("aggd_event_streams", "gauge", "Clients of /events.", metrics.event_streams);
}

}  // namespace

std::string write_metrics(const Metrics& metrics) {
    Exposition out;
    out.begin("aggd_build_info", "gauge", "1; the version is the label.");
    out.sample("version", metrics.version, 1);
    out.one("aggd_start_time_seconds", "gauge", "When aggd started.", seconds(metrics.started));
    write_polls(out, metrics);
    write_store(out, metrics);
    write_server(out, metrics);
    return out.take();
}

}  // namespace agg::serve
