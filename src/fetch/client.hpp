// Transfers by libcurl on Asio. Lives on the io thread; nothing here blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/async.hpp"
#include "base/result.hpp"
#include "fetch/address.hpp"
#include "fetch/address_gate.hpp"
#include "fetch/credentials.hpp"
#include "fetch/proxy.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

class EasyHandles;
class Transfer;
struct Hop;

struct Limits {
    std::chrono::milliseconds timeout{60'000};        // one poll, all hops
    std::uint64_t max_body_bytes = 16 * 1024 * 1024;  // on the wire and decoded
    std::size_t max_header_bytes = 256 * 1024;
    unsigned max_redirects = 10;
    unsigned min_bytes_per_second = 50;  // less for `slow_for`, and the transfer ends
    std::chrono::seconds slow_for{15};
    unsigned transfers_per_address = 2;  // at once
    unsigned transfers_per_private_address = 0;

    // How many transfers `address` may see at once; 0: any number.
    [[nodiscard]] unsigned places_at(const Address& address) const {
        return is_public(address) ? transfers_per_address : transfers_per_private_address;
    }
};

struct ClientSettings {
    std::string user_agent;            // what stands before the contact
    std::string contact;               // whom a publisher can ask
    std::string ca_file;               // empty: the system's
    std::optional<std::string> proxy;  // its URL, "" for none; absent: what the environment says
    ProxyEnvironment proxy_environment;
    std::string credentials_file;                    // for the feeds that name none of their own; empty: none
    std::map<std::string, Credentials> credentials;  // by file
    AllowedPrivate allow_private;
    Limits limits;

    // The proxy for the hop of `request` that leads to `url`; "" for none.
    [[nodiscard]] std::string proxy_for(const Request& request, const Url& url) const;
    // Null when no file has a login for the host of `request`, or it shall have none.
    [[nodiscard]] const Login* login_for(const Request& request) const;
};

class Client {
  public:
    // `executor` is the io thread's. `files` reads file:// feeds, so that a slow disk holds nothing up; it must outlive
    // the client.
    Client(asio::any_io_executor executor, asio::thread_pool& files, ClientSettings settings);
    ~Client();

    // Fetches `request`, following redirects by hand: every hop's scheme and, after its name is resolved, every address
    // is checked before the connection is made. Through a proxy, which resolves names itself, only an address that
    // stands in the URL can be checked. Fails as the transfer failed: `network`, `timeout`, `too_large`, `forbidden`.
    // Any HTTP status is an answer. Nothing is retried, but a 401 that asks for digest authentication is answered.
    [[nodiscard]] Task<Result<Response>> get(Request request);

    // Ends every running transfer with `unavailable`; later ones end so at once.
    void stop();

    // Takes effect with the next transfer.
    void use(ClientSettings settings);

  private:
    class Bridge;
    [[nodiscard]] Task<Result<Response>> ask(Transfer& transfer, const Limits& limits, Hop hop);

    std::shared_ptr<EasyHandles> handles_;
    std::shared_ptr<AddressGate> gate_;
    std::unordered_map<std::string, Address> addresses_;  // last seen by host name, where their number counts
    std::unordered_set<std::string> digest_origins_;      // have refused Basic and asked for Digest
    std::unique_ptr<Bridge> bridge_;
    asio::thread_pool& files_;
    std::shared_ptr<const ClientSettings> settings_;
};

}  // namespace agg::fetch
