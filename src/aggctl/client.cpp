#include "aggctl/client.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <grp.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <pwd.h>

#include <boost/json.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

namespace agg::aggctl {
namespace {

constexpr long k_moments_s = 30;
constexpr long k_blink_ms = 500;
constexpr int k_look_ms = 60'000;  // a closed pipe wakes us at once

struct EasyDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct MultiDeleter {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

using Easy = std::unique_ptr<CURL, EasyDeleter>;
using HeaderLines = std::unique_ptr<curl_slist, ListDeleter>;

HeaderLines header_line(const std::string& line) {
    HeaderLines lines(curl_slist_append(nullptr, line.c_str()));
    if (!lines) throw std::bad_alloc();
    return lines;
}

// A transfer over `socket`, which must outlive it.
Easy transfer_to(const std::string& socket, const std::string& path) {
    Easy handle(curl_easy_init());
    if (!handle) throw std::bad_alloc();
    curl_easy_setopt(handle.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_URL, ("http://aggd" + path).c_str());
    curl_easy_setopt(handle.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, k_moments_s);
    return handle;
}

long status_of(CURL* handle) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

bool is_success(long status) { return status >= 200 && status <= 299; }

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* out) {
    static_cast<std::string*>(out)->append(bytes, size * count);
    return size * count;
}

std::string user_name() {
    const passwd* user = ::getpwuid(::geteuid());
    return user != nullptr ? user->pw_name : "USER";
}

// Who may use the socket, and how to become one of them.
std::string how_to_be_permitted(const std::string& socket) {
    struct stat file {};
    if (::stat(socket.c_str(), &file) != 0)
        return fmt::format("The folder {} may not be entered by {}.",
                           std::filesystem::path(socket).parent_path().string(), user_name());
    const group* owners = ::getgrgid(file.st_gid);
    if ((file.st_mode & S_IWGRP) == 0 || owners == nullptr) {
        const passwd* owner = ::getpwuid(file.st_uid);
        return fmt::format("Only {} may use it.", owner != nullptr ? owner->pw_name : "its owner");
    }
    const std::string user = user_name();
    for (char** member = owners->gr_mem; *member != nullptr; ++member)
        if (user == *member)
            return fmt::format("You are in group \"{}\", but this session began before: log in again.",
                               owners->gr_name);
    return fmt::format("You are not in group \"{0}\": sudo usermod -aG {0} {1}, then log in again.", owners->gr_name,
                       user);
}

Failure cannot_connect(const std::string& socket, int reason) {
    constexpr std::string_view start = "Start it: systemctl start aggd, or aggd --config feeds.conf";
    switch (reason) {
        case ENOENT:
            return {ExitCode::not_running,
                    fmt::format("aggd is not running: there is no socket {}. {} (or name another --socket)", socket,
                                start)};
        case ECONNREFUSED:
            if (std::filesystem::is_socket(socket))
                return {ExitCode::not_running,
                        fmt::format("aggd is not running: nobody listens on {}. {}", socket, start)};
            return {ExitCode::failed, fmt::format("cannot reach aggd at {}: that is no socket", socket)};
        case EACCES:
        case EPERM:
            return {ExitCode::failed,
                    fmt::format("cannot reach aggd at {}: permission denied. {}", socket, how_to_be_permitted(socket))};
        default:
            return {ExitCode::failed, fmt::format("cannot reach aggd at {}: {}", socket,
                                                  reason != 0 ? std::strerror(reason) : "no connection")};
    }
}

Failure cannot_connect(const std::string& socket, CURL* handle) {
    long reason = 0;
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &reason);
    return cannot_connect(socket, static_cast<int>(reason));
}

Failure too_long(const std::string& socket) {
    return {ExitCode::failed, fmt::format("the socket's path is too long ({} bytes): {}", socket.size(), socket)};
}

// The daemon's own words for what went wrong.
Failure refused(const std::string& socket, long status, const std::string& body) {
    boost::json::error_code not_json;
    const boost::json::value answer = boost::json::parse(body, not_json);
    const auto* object = not_json ? nullptr : answer.if_object();
    const auto* error = object != nullptr && object->contains("error") ? object->at("error").if_object() : nullptr;
    const auto* kind = error != nullptr && error->contains("kind") ? error->at("kind").if_string() : nullptr;
    const auto* message = error != nullptr && error->contains("message") ? error->at("message").if_string() : nullptr;
    if (kind == nullptr || message == nullptr) {
        return {ExitCode::failed,
                fmt::format(
                    "what listens on {} answered {} and does not speak as aggd does; is it another program, or an aggd "
                    "of another version?",
                    socket, status)};
    }
    return {exit_code_of(std::string_view(kind->data(), kind->size())), std::string(message->data(), message->size())};
}

}  // namespace

tl::expected<std::string, Failure> Client::send(std::string_view method, const std::string& path,
                                                const std::string& body, Patience patience) const {
    if (socket_.size() >= sizeof(sockaddr_un::sun_path)) return tl::unexpected(too_long(socket_));
    const Easy handle = transfer_to(socket_, path);
    const HeaderLines headers = header_line("Content-Type: application/json");
    CURL* curl = handle.get();
    const std::string verb(method);
    std::string answer;
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, verb.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, static_cast<void*>(&answer));
    if (patience == Patience::a_blink) curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, k_blink_ms);
    if (patience == Patience::moments) curl_easy_setopt(curl, CURLOPT_TIMEOUT, k_moments_s);
    if (!body.empty() || method == "POST") {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    }

    const CURLcode outcome = curl_easy_perform(curl);
    if (outcome == CURLE_COULDNT_CONNECT) return tl::unexpected(cannot_connect(socket_, curl));
    if (outcome == CURLE_OPERATION_TIMEDOUT) {
        return tl::unexpected(
            Failure{ExitCode::failed,
                    fmt::format("aggd at {} did not answer within {} s; it is overloaded or stuck: see its log "
                                "(journalctl -u aggd)",
                                socket_, k_moments_s)});
    }
    if (outcome != CURLE_OK) {
        return tl::unexpected(
            Failure{ExitCode::failed, fmt::format("aggd at {} broke off before it had answered ({}); see its log "
                                                  "(journalctl -u aggd)",
                                                  socket_, curl_easy_strerror(outcome))});
    }
    if (!is_success(status_of(curl))) return tl::unexpected(refused(socket_, status_of(curl), answer));
    return answer;
}

namespace {

// What is done with the bytes of a stream.
struct Following {
    CURL* handle;
    const std::function<void(std::string_view)>& take;
    std::string refusal;  // the body, when the answer is no success
};

std::size_t hand_on(char* bytes, std::size_t size, std::size_t count, void* following_) {
    auto& following = *static_cast<Following*>(following_);
    if (is_success(status_of(following.handle)))
        following.take({bytes, size * count});
    else
        following.refusal.append(bytes, size * count);
    return size * count;
}

bool is_closed(int output) {
    pollfd pipe{output, 0, 0};
    return output >= 0 && ::poll(&pipe, 1, 0) > 0;
}

// Runs the transfer to its end; absent when nobody reads `output` any more.
std::optional<CURLcode> run_while_read(CURL* handle, int output) {
    const std::unique_ptr<CURLM, MultiDeleter> multi(curl_multi_init());
    if (!multi || curl_multi_add_handle(multi.get(), handle) != CURLM_OK) throw std::bad_alloc();
    curl_waitfd watched{output, 0, 0};
    bool nobody_reads = false;
    for (int running = 1; running > 0 && !nobody_reads;) {
        curl_multi_perform(multi.get(), &running);
        if (running > 0) curl_multi_poll(multi.get(), &watched, output >= 0 ? 1 : 0, k_look_ms, nullptr);
        nobody_reads = is_closed(output);
    }
    std::optional<CURLcode> outcome;
    int left = 0;
    if (const CURLMsg* done = curl_multi_info_read(multi.get(), &left)) outcome = done->data.result;
    curl_multi_remove_handle(multi.get(), handle);
    return outcome;
}

}  // namespace

tl::expected<StreamEnd, Failure> Client::follow(const std::string& path, const std::string& last_id,
                                                const std::function<void(std::string_view)>& take, int output) const {
    if (socket_.size() >= sizeof(sockaddr_un::sun_path)) return tl::unexpected(too_long(socket_));
    const Easy handle = transfer_to(socket_, path);
    const HeaderLines headers = header_line("Last-Event-ID: " + last_id);
    Following following{handle.get(), take, {}};
    if (!last_id.empty()) curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, hand_on);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, static_cast<void*>(&following));

    const auto outcome = run_while_read(handle.get(), output);
    if (!outcome) return StreamEnd::nobody_reads;
    if (outcome == CURLE_COULDNT_CONNECT) return tl::unexpected(cannot_connect(socket_, handle.get()));
    const long status = status_of(handle.get());
    if (status != 0 && !is_success(status)) return tl::unexpected(refused(socket_, status, following.refusal));
    return outcome == CURLE_OK ? StreamEnd::complete : StreamEnd::broken_off;
}

std::string percent_encoded(std::string_view text) {
    const std::unique_ptr<char, decltype(&curl_free)> encoded(
        curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
    if (!encoded) throw std::bad_alloc();
    return encoded.get();
}

}  // namespace agg::aggctl
