// What bare libcurl does for the same questions and answers as aggd: its own loop, easy handles used again, bodies
// thrown away, as many transfers at once as aggd has.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

namespace agg::bench {

class BareLibcurl {
  public:
    static constexpr std::size_t k_at_once = 32;

    BareLibcurl();
    ~BareLibcurl();
    BareLibcurl(const BareLibcurl&) = delete;
    BareLibcurl& operator=(const BareLibcurl&) = delete;

    // Makes requests for `url` conditional from the first one on, as those are for which validators have come.
    void remember(const std::string& url, std::string_view etag, std::string_view last_modified);

    // Every URL once, with the validators that its last answer brought. Throws when a status is not `expected`.
    void fetch(const std::vector<std::string>& urls, long expected);

  private:
    struct Validators {
        std::string etag, last_modified;
        curl_slist* headers = nullptr;  // made of them when first sent, and kept
    };

    static std::size_t drop(char* text, std::size_t size, std::size_t count, void* into);
    static std::size_t take_header(char* text, std::size_t size, std::size_t count, void* into);
    void start(const std::string& url);

    CURLM* multi_;
    std::map<std::string, Validators> validators_;  // by URL
    std::vector<CURL*> free_;
};

}  // namespace agg::bench
