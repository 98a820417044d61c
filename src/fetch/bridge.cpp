#include "fetch/bridge.hpp"

#include <unistd.h>

#include <new>
#include <vector>

namespace agg::fetch {
namespace {

constexpr long k_kept_connections = 256;

// libcurl's own global state, for as long as the program runs.
void start_curl() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) throw std::runtime_error("libcurl cannot be started");
}

}  // namespace

Client::Bridge::Bridge(asio::any_io_executor executor)
    : executor_(std::move(executor)), timer_(executor_), multi_(nullptr) {
    start_curl();
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Bridge::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Bridge::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, k_kept_connections);
}

Client::Bridge::~Bridge() {
    stop();
    curl_multi_cleanup(multi_);  // closes what is kept open, through on_close_socket
}

Task<CURLcode> Client::Bridge::perform(CURL* easy) {
    if (stopped_) co_return CURLE_ABORTED_BY_CALLBACK;
    asio::steady_timer wake(executor_, asio::steady_timer::time_point::max());
    Running running{.wake = &wake};
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Bridge::on_close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
    running_.emplace(easy, &running);
    if (const CURLMcode added = curl_multi_add_handle(multi_, easy); added != CURLM_OK) {
        running_.erase(easy);
        throw std::runtime_error(curl_multi_strerror(added));
    }
    // However the wait ends, curl must not know the handle any more when this frame is gone. (The bridge may be gone
    // before it: it has ended the transfer then.)
    const auto leave = [this, easy](const Running* unfinished) {
        if (!unfinished->done) finish(easy, CURLE_ABORTED_BY_CALLBACK);
    };
    const std::unique_ptr<const Running, decltype(leave)> leaving(&running, leave);
    if (!running.done) {
        co_await wait_on(wake);
    }
    leave(&running);
    co_return running.code;
}

void Client::Bridge::stop() {
    stopped_ = true;
    timer_.cancel();
    std::vector<CURL*> all;
    for (const auto& [easy, running] : running_) all.push_back(easy);
    for (CURL* easy : all) finish(easy, CURLE_ABORTED_BY_CALLBACK);
}

int Client::Bridge::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    auto& bridge = *static_cast<Bridge*>(self);
    try {
        if (what == CURL_POLL_REMOVE)
            bridge.release(socket);
        else
            bridge.watch(socket, what);
        return 0;
    } catch (...) {
        return -1;
    }
}

int Client::Bridge::on_timer(CURLM*, long timeout_ms, void* self) {
    auto& bridge = *static_cast<Bridge*>(self);
    try {
        if (timeout_ms >= 0) {
            bridge.wait_until_due(std::chrono::milliseconds{timeout_ms});
        } else {
            bridge.due_.reset();
            if (bridge.running_.empty()) bridge.disarm_timer();  // nothing wakes an idle program
        }
        return 0;
    } catch (...) {
        return -1;
    }
}

void Client::Bridge::wait_until_due(std::chrono::milliseconds timeout) {
    due_ = Stopwatch::now() + timeout;
    if (timeout > std::chrono::milliseconds{0}) {
        if (!armed_for_ || *due_ < *armed_for_) arm_timer();
        return;
    }
    // curl must not be entered again from its own callback.
    asio::post(executor_, [this, alive = std::weak_ptr(alive_)] {
        if (alive.expired() || stopped_ || !due_ || *due_ > Stopwatch::now()) return;
        due_.reset();
        act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void Client::Bridge::arm_timer() {
    armed_for_ = due_;
    timer_.expires_at(*due_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        armed_for_.reset();
        if (stopped_ || !due_) return;
        if (*due_ > Stopwatch::now()) return arm_timer();
        due_.reset();
        act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void Client::Bridge::disarm_timer() {
    armed_for_.reset();
    timer_.cancel();
}

int Client::Bridge::on_close_socket(void* self, curl_socket_t socket) {
    static_cast<Bridge*>(self)->release(socket);
    return ::close(socket);
}

void Client::Bridge::watch(curl_socket_t socket, int what) {
    auto& watched = sockets_[socket];
    if (!watched) {
        watched = std::make_shared<Watched>(executor_);
        watched->descriptor.assign(socket);
    }
    watched->wanted = what;
    wait(socket, watched);
}

void Client::Bridge::release(curl_socket_t socket) {
    const auto found = sockets_.find(socket);
    if (found == sockets_.end()) return;
    found->second->released = true;
    found->second->descriptor.release();  // cancels its waits; the descriptor stays curl's
    sockets_.erase(found);
}

void Client::Bridge::wait(curl_socket_t socket, const std::shared_ptr<Watched>& watched) {
    if ((watched->wanted & CURL_POLL_IN) != 0 && !watched->waiting_to_read) wait_for(socket, watched, CURL_POLL_IN);
    if ((watched->wanted & CURL_POLL_OUT) != 0 && !watched->waiting_to_write) wait_for(socket, watched, CURL_POLL_OUT);
}

void Client::Bridge::wait_for(curl_socket_t socket, const std::shared_ptr<Watched>& watched, int direction) {
    const bool reading = direction == CURL_POLL_IN;
    bool Watched::*waiting = reading ? &Watched::waiting_to_read : &Watched::waiting_to_write;
    (*watched).*waiting = true;
    watched->descriptor.async_wait(
        reading ? asio::posix::stream_descriptor::wait_read : asio::posix::stream_descriptor::wait_write,
        [this, socket, watched, direction, waiting](const boost::system::error_code& error) {
            (*watched).*waiting = false;
            if (watched->released || error == asio::error::operation_aborted) return;
            if ((watched->wanted & direction) == 0) return;  // curl changed its mind meanwhile
            const int ready = direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
            act(socket, error ? ready | CURL_CSELECT_ERR : ready);
            if (!watched->released) wait(socket, watched);
        });
}

void Client::Bridge::act(curl_socket_t socket, int events) {
    int still_running = 0;
    curl_multi_socket_action(multi_, socket, events, &still_running);
    collect_finished();
}

void Client::Bridge::collect_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left))
        if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
}

void Client::Bridge::finish(CURL* easy, CURLcode code) {
    const auto found = running_.find(easy);
    if (found == running_.end()) return;
    Running& running = *found->second;
    running_.erase(found);
    curl_multi_remove_handle(multi_, easy);
    running.code = code;
    running.done = true;
    running.wake->cancel();  // resumes perform() from the event loop, not from here
}

}  // namespace agg::fetch
