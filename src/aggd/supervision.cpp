#include "aggd/supervision.hpp"

#include <sys/socket.h>

#include <memory>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "aggd/message_ids.hpp"
#include "base/log_fields.hpp"
#include "base/systemd.hpp"
#include "base/text.hpp"

namespace agg::aggd {
namespace {

using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;

constexpr std::chrono::seconds k_between_status_lines{2};

Protocol::endpoint address_of(int listener) {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&storage), &size);
    return {reinterpret_cast<sockaddr*>(&storage), size};
}

}  // namespace

Supervision::Supervision(asio::any_io_executor executor, CommitQueue& commits, std::function<std::string()> status_line)
    : executor_(executor),
      commits_(commits),
      status_line_(std::move(status_line)),
      status_timer_(executor),
      watchdog_timer_(executor) {}

void Supervision::ready(int listener) {
    if (!systemd::is_supervised()) return;
    self_ = address_of(listener);
    told_ = status_line_();
    systemd::notify("READY=1\nSTATUS=" + told_);
    spawn(executor_, "status", tell_status());
    if (const auto patience = systemd::watchdog_interval()) spawn(executor_, "watchdog", feed_watchdog(*patience));
}

void Supervision::reloaded() {
    if (stopping_) return;
    told_ = status_line_();
    systemd::notify("READY=1\nSTATUS=" + told_);
}

void Supervision::stop(bool process_ends) {
    stopping_ = true;
    // systemd takes STOPPING for good, and would kill what begins anew.
    systemd::notify(process_ends ? "STOPPING=1\nSTATUS=stopping" : "RELOADING=1\nSTATUS=beginning anew");
    status_timer_.cancel();
    watchdog_timer_.cancel();
}

Task<void> Supervision::tell_status() {
    while (!stopping_) {
        status_timer_.expires_after(k_between_status_lines);
        co_await wait_on(status_timer_);
        if (stopping_) co_return;
        tell_what_hangs();
        std::string line = status_line_();
        if (line == told_) continue;
        told_ = std::move(line);
        systemd::notify("STATUS=" + told_);
    }
}

// The event loop runs, or this would not; the others are asked.
Task<void> Supervision::feed_watchdog(std::chrono::microseconds patience) {
    const auto pause = patience / 4;
    longest_wait_ = patience / 2;
    while (!stopping_) {
        awaited_since_ = std::chrono::steady_clock::now();
        awaited_ = "the writer of the database";
        auto nothing = [] { return true; };
        co_await commits_.run(std::move(nothing));
        awaited_ = "a request to ourselves";
        const bool answered = co_await answers(pause);
        if (stopping_) co_return;
        if (answered) {
            awaited_ = nullptr;
            systemd::notify("WATCHDOG=1");
        } else {
            log::warning("a request to ourselves was not answered within {} s",
                         std::chrono::ceil<std::chrono::seconds>(pause).count());
        }
        watchdog_timer_.expires_after(pause);
        co_await wait_on(watchdog_timer_);
    }
}

// Whether the server says anything to a request, as another program would make it.
Task<bool> Supervision::answers(std::chrono::microseconds patience) {
    auto socket = std::make_shared<Protocol::socket>(executor_);
    asio::steady_timer limit(executor_, patience);
    limit.async_wait([socket](error_code problem) {
        if (!problem) socket->close(problem);
    });
    error_code problem;
    co_await socket->async_connect(self_, asio::redirect_error(asio::use_awaitable, problem));
    if (problem) co_return false;
    const std::string request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    co_await asio::async_write(*socket, asio::buffer(request), asio::redirect_error(asio::use_awaitable, problem));
    std::string answer(64, '\0');
    const std::size_t count =
        co_await socket->async_read_some(asio::buffer(answer), asio::redirect_error(asio::use_awaitable, problem));
    co_return count > 0;
}

// Once for each hang, before the watchdog ends us.
void Supervision::tell_what_hangs() {
    if (awaited_ == nullptr || std::chrono::steady_clock::now() - awaited_since_ < longest_wait_) return;
    log::write(
        log::Level::error, {.message_id = message_id::k_stuck},
        fmt::format(
            "{} has not answered for {} s; the watchdog will restart aggd", awaited_,
            std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - awaited_since_).count()));
    awaited_ = nullptr;
}

}  // namespace agg::aggd
