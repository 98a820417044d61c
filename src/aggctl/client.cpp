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

#include "version.hpp"

namespace agg::aggctl {
namespace {

constexpr long k_moments_s = 30;
constexpr long k_blink_ms = 500;
constexpr int k_glance_ms = 100;
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
    std::string words(message->data(), message->size());
    // No path of the control API is unknown to an aggd of this version.
    if (status == 405 || words.starts_with("There is no /v1/"))
        return {ExitCode::failed, fmt::format("aggd at {} is of another version and does not know how to do this ({}). "
                                              "aggctl is {}: `aggctl version` shows both, and systemctl restart aggd "
                                              "starts the installed one.",
                                              socket, words, k_version)};
    return {exit_code_of(std::string_view(kind->data(), kind->size())), std::move(words)};
}

}  // namespace

struct Client::Request {
    std::string method, path;
    std::string_view body;
    std::FILE* file = nullptr;  // the body instead
    std::uint64_t file_bytes = 0;
    Patience patience = Patience::moments;
    Watch watch;
    Sink sink;           // of a successful answer; absent: `answer` holds it
    std::string answer;  // an error's text in any case
    CURL* curl = nullptr;

    static std::size_t take(char* bytes, std::size_t size, std::size_t count, void* request) {
        auto& self = *static_cast<Request*>(request);
        long status = 0;
        curl_easy_getinfo(self.curl, CURLINFO_RESPONSE_CODE, &status);
        if (self.sink && status >= 200 && status <= 299) return self.sink({bytes, size * count}) ? size * count : 0;
        self.answer.append(bytes, size * count);
        return size * count;
    }

    [[nodiscard]] Moved moved() const {
        curl_off_t bytes = 0, total = 0;
        curl_easy_getinfo(curl, file != nullptr ? CURLINFO_SIZE_UPLOAD_T : CURLINFO_SIZE_DOWNLOAD_T, &bytes);
        curl_easy_getinfo(curl, file != nullptr ? CURLINFO_CONTENT_LENGTH_UPLOAD_T : CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
                          &total);
        return {static_cast<std::uint64_t>(bytes), total > 0 ? static_cast<std::uint64_t>(total) : 0};
    }

    CURLcode run() {
        if (!watch) return curl_easy_perform(curl);
        const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), curl_multi_cleanup);
        curl_multi_add_handle(multi.get(), curl);
        CURLcode outcome = CURLE_ABORTED_BY_CALLBACK;
        for (int running = 1; running > 0 && watch(moved());) {
            if (curl_multi_perform(multi.get(), &running) != CURLM_OK) break;
            int left = 0;
            if (const CURLMsg* done = curl_multi_info_read(multi.get(), &left)) outcome = done->data.result;
            if (running > 0) curl_multi_poll(multi.get(), nullptr, 0, k_glance_ms, nullptr);
        }
        curl_multi_remove_handle(multi.get(), curl);
        return outcome;
    }
};

tl::expected<void, Failure> Client::perform(Request& request) const {
    if (socket_.size() >= sizeof(sockaddr_un::sun_path)) return tl::unexpected(too_long(socket_));
    const Easy handle = transfer_to(socket_, request.path);
    const HeaderLines headers = header_line("Content-Type: application/json");
    CURL* curl = request.curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Request::take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, static_cast<void*>(&request));
    if (request.patience == Patience::a_blink) curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, k_blink_ms);
    if (request.patience == Patience::moments) curl_easy_setopt(curl, CURLOPT_TIMEOUT, k_moments_s);
    if (request.file != nullptr) {
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_READDATA, static_cast<void*>(request.file));
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.file_bytes));
    } else if (!request.body.empty() || request.method == "POST") {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    }

    const CURLcode outcome = request.run();
    switch (outcome) {
        case CURLE_OK: break;
        case CURLE_COULDNT_CONNECT: return tl::unexpected(cannot_connect(socket_, curl));
        case CURLE_ABORTED_BY_CALLBACK: return tl::unexpected(Failure{ExitCode::failed, "interrupted"});
        case CURLE_WRITE_ERROR: return tl::unexpected(Failure{ExitCode::failed, ""});
        case CURLE_OPERATION_TIMEDOUT:
            return tl::unexpected(Failure{
                ExitCode::failed, fmt::format("aggd at {} did not answer within {} s; it is overloaded or stuck: see "
                                              "its log (journalctl -u aggd)",
                                              socket_, k_moments_s)});
        default:
            return tl::unexpected(
                Failure{ExitCode::failed, fmt::format("aggd at {} broke off before it had answered ({}); see its log "
                                                      "(journalctl -u aggd)",
                                                      socket_, curl_easy_strerror(outcome))});
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299) return tl::unexpected(refused(socket_, status, request.answer));
    return {};
}

tl::expected<std::string, Failure> Client::send(std::string_view method, const std::string& path,
                                                const std::string& body, Patience patience, const Watch& watch) const {
    Request request{.method = std::string(method), .path = path, .body = body, .patience = patience, .watch = watch};
    if (const auto done = perform(request); !done) return tl::unexpected(done.error());
    return std::move(request.answer);
}

tl::expected<void, Failure> Client::download(const std::string& path, const Sink& sink, const Watch& watch) const {
    Request request{.method = "GET", .path = path, .patience = Patience::unlimited, .watch = watch, .sink = sink};
    return perform(request);
}

tl::expected<std::string, Failure> Client::upload(const std::string& path, std::FILE* file, std::uint64_t bytes,
                                                  const Watch& watch) const {
    Request request{.method = "PUT",
                    .path = path,
                    .file = file,
                    .file_bytes = bytes,
                    .patience = Patience::unlimited,
                    .watch = watch};
    if (const auto done = perform(request); !done) return tl::unexpected(done.error());
    return std::move(request.answer);
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
