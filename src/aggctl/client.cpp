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
#include <pwd.h>

#include <boost/json.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

namespace agg::aggctl {
namespace {

constexpr long k_moments_s = 30;
constexpr long k_blink_ms = 500;

struct EasyDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

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
    if (socket_.size() >= sizeof(sockaddr_un::sun_path))
        return tl::unexpected(Failure{
            ExitCode::failed, fmt::format("the socket's path is too long ({} bytes): {}", socket_.size(), socket_)});
    const std::unique_ptr<CURL, EasyDeleter> handle(curl_easy_init());
    const std::unique_ptr<curl_slist, ListDeleter> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"));
    if (!handle || !headers) throw std::bad_alloc();
    CURL* curl = handle.get();
    const std::string url = "http://aggd" + path;
    const std::string verb(method);
    std::string answer;
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_.c_str());
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, verb.c_str());
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, static_cast<void*>(&answer));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, k_moments_s);
    if (patience == Patience::a_blink) curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, k_blink_ms);
    if (patience == Patience::moments) curl_easy_setopt(curl, CURLOPT_TIMEOUT, k_moments_s);
    if (!body.empty() || method == "POST") {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    }

    const CURLcode outcome = curl_easy_perform(curl);
    if (outcome == CURLE_COULDNT_CONNECT) {
        long reason = 0;
        curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &reason);
        return tl::unexpected(cannot_connect(socket_, static_cast<int>(reason)));
    }
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
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299) return tl::unexpected(refused(socket_, status, answer));
    return answer;
}

std::string percent_encoded(std::string_view text) {
    const std::unique_ptr<char, decltype(&curl_free)> encoded(
        curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
    if (!encoded) throw std::bad_alloc();
    return encoded.get();
}

}  // namespace agg::aggctl
