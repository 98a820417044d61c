// Single values of feeds.conf: read, checked, and complained about in words that say what is expected.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/document.hpp"

namespace agg::config {

// What is wrong with a file, collected while it is read.
class Findings {
  public:
    explicit Findings(std::string file) : file_(std::move(file)) {}

    void add(Position at, std::string message) { problems_.push_back({file_, at.line, at.column, std::move(message)}); }
    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] bool empty() const { return problems_.empty(); }

    // In the order of the file; the collection is empty afterwards.
    [[nodiscard]] std::vector<Problem> take();

  private:
    std::string file_;
    std::vector<Problem> problems_;
};

// A value and what it is called in messages: "interval in [feed.bbc-world]".
struct Value {
    const Node& node;
    std::string_view key;
    std::string_view table;  // with brackets
    Findings& findings;

    // Adds the problem "KEY in [TABLE] MESSAGE" where the value stands.
    void complain(std::string_view message) const;
};

// Each returns the value; absent when it is not what the name says, which is then among the findings.
[[nodiscard]] std::optional<std::string> read_text(const Value& value, std::string_view expected);
[[nodiscard]] std::optional<bool> read_truth(const Value& value);
[[nodiscard]] std::optional<std::size_t> read_count(const Value& value, std::size_t least, std::size_t most);
[[nodiscard]] std::optional<std::vector<std::string>> read_texts(const Value& value, std::string_view expected);

// A duration of a second at least: "30min".
[[nodiscard]] std::optional<std::chrono::milliseconds> read_duration(const Value& value);

// "auto" or a duration. The inner optional is absent for "auto".
[[nodiscard]] std::optional<std::optional<std::chrono::milliseconds>> read_interval(const Value& value);

// "forever" or a duration of a week at least. The inner optional is absent for "forever".
[[nodiscard]] std::optional<std::optional<std::chrono::milliseconds>> read_keep(const Value& value);

// A number of bytes: 65536, "64K", "16M", "1G" (powers of 1024).
[[nodiscard]] std::optional<std::uint64_t> read_size(const Value& value);

// An absolute path; a relative one is taken from the folder of the file. "~" is refused rather than taken literally.
[[nodiscard]] std::optional<std::string> read_path(const Value& value);

// The address of a feed, as written.
[[nodiscard]] std::optional<std::string> read_feed_url(const Value& value);

// "ADDRESS:PORT" of this machine's loopback; "" for "off".
[[nodiscard]] std::optional<std::string> read_loopback(const Value& value);

// Networks and hosts that may be private: "10.0.0.0/8", "fd00::/8", "192.168.1.5", "nas.local", "nas.local:8080".
[[nodiscard]] std::optional<std::vector<std::string>> read_private_hosts(const Value& value);

}  // namespace agg::config
