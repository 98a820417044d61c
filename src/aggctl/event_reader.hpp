// Server-sent events out of the bytes of a stream (WHATWG HTML, 9.2.6).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace agg::aggctl {

struct Event {
    std::string type;  // empty: a plain message
    std::string data;
};

class EventReader {
  public:
    // Takes the next bytes, cut anywhere, and calls `take` for each event that they complete.
    void read(std::string_view bytes, const std::function<void(const Event&)>& take);

    // Forgets an event that is half there: the connection broke off.
    void begin_again();

    // Where to go on: what Last-Event-ID says. Empty: nothing has been heard.
    [[nodiscard]] const std::string& last_id() const { return last_id_; }
    // How long to wait before; absent: the stream has not said.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return retry_; }

  private:
    void read_line(std::string_view line, const std::function<void(const Event&)>& take);

    std::string unread_;
    Event event_;
    std::string id_, last_id_;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace agg::aggctl
