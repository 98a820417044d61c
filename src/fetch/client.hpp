// Transfers by libcurl on Asio. Lives on the io thread; nothing here blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/result.hpp"
#include "fetch/address.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

struct Limits {
    std::chrono::milliseconds timeout{60'000};        // one poll, all hops
    std::uint64_t max_body_bytes = 16 * 1024 * 1024;  // on the wire and decoded
    std::size_t max_header_bytes = 256 * 1024;
    unsigned max_redirects = 10;
};

struct ClientSettings {
    std::string user_agent;
    std::string ca_file;  // empty: the system's
    AllowedPrivate allow_private;
    Limits limits;
};

class Client {
  public:
    // `executor` is the io thread's. `files` reads file:// feeds, so that a slow disk holds nothing up; it must outlive
    // the client.
    Client(asio::any_io_executor executor, asio::thread_pool& files, ClientSettings settings);
    ~Client();

    // Fetches `request`, following redirects by hand: every hop's scheme and, after its name is resolved, every address
    // is checked before the connection is made. Fails as the transfer failed: `network`, `timeout`, `too_large`,
    // `forbidden`. Any HTTP status is an answer. Nothing is retried.
    [[nodiscard]] Task<Result<Response>> get(Request request);

    // Ends every running transfer with `unavailable`; later ones end so at once.
    void stop();

    // Takes effect with the next transfer.
    void use(ClientSettings settings);

  private:
    class Bridge;
    std::unique_ptr<Bridge> bridge_;
    asio::thread_pool& files_;
    std::shared_ptr<const ClientSettings> settings_;
};

}  // namespace agg::fetch
