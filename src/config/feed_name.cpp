#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/url.hpp"
#include "config/edit.hpp"

namespace agg::config {
namespace {

constexpr std::size_t k_comfortable_length = 32;

bool is_alphanumeric(char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }

// "BBC News: World" as "bbc-news-world".
std::string to_slug(std::string_view text) {
    std::string slug;
    for (const char c : text) {
        if (is_alphanumeric(c))
            slug += ascii_lower(c);
        else if (!slug.empty() && slug.back() != '-' && c != '\'')
            slug += '-';
    }
    while (slug.ends_with('-')) slug.pop_back();
    return slug;
}

// A title's slug: without the slogan behind a dash when it is long, cut between words when it is longer still.
std::string title_slug(std::string_view title) {
    constexpr std::array<std::string_view, 7> separators = {" - ", " | ", " – ", " — ", " » ", " :: ", ": "};
    std::string slug = to_slug(title);
    for (const std::string_view separator : separators) {
        if (slug.size() <= k_comfortable_length) return slug;
        const std::string first = to_slug(title.substr(0, title.find(separator)));
        if (first.size() >= 2) slug = first;
    }
    if (slug.size() <= k_comfortable_length) return slug;
    const std::size_t cut = slug.rfind('-', k_comfortable_length);
    return slug.substr(0, cut == std::string::npos || cut < 2 ? k_comfortable_length : cut);
}

// A slug tells something when most of what it was made from is in it: not so for "Новости BBC".
bool is_telling(std::string_view title, std::string_view slug) {
    const auto foreign =
        std::count_if(title.begin(), title.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
    const auto own = std::count_if(title.begin(), title.end(), is_alphanumeric);
    return slug.size() >= 2 && foreign * 4 <= own;
}

// "feeds.bbci.co.uk" as "bbci", "www.heise.de" as "heise", "127.0.0.1" as "127-0-0-1".
std::string host_slug(std::string_view host) {
    constexpr std::array<std::string_view, 5> common = {"www", "feeds", "feed", "rss", "m"};
    auto labels = split(host, '.');
    const bool is_address =
        std::all_of(host.begin(), host.end(), [](char c) { return !is_ascii_alpha(c); }) || host.starts_with('[');
    if (is_address || labels.size() < 2) return to_slug(host);
    labels.pop_back();
    if (labels.size() > 1 && labels.back().size() <= 3) labels.pop_back();
    while (labels.size() > 1 && std::find(common.begin(), common.end(), labels.front()) != common.end())
        labels.erase(labels.begin());
    return to_slug(fmt::format("{}", fmt::join(labels, "-")));
}

// The name before a number keeps it from clashing.
std::string telling_name(std::string_view title, std::string_view url) {
    std::string name = title_slug(title);
    if (!is_telling(title, name)) {
        const auto parsed = Url::parse(url);
        if (parsed && parsed->is_http()) name = host_slug(parsed->host());
        if (parsed && parsed->is_file()) {
            const std::string_view file = std::string_view(parsed->path()).substr(parsed->path().rfind('/') + 1);
            name = to_slug(file.substr(0, file.rfind('.')));
        }
    }
    name = name.substr(0, k_comfortable_length);
    while (name.ends_with('-')) name.pop_back();
    return name.empty() ? "feed" : name;
}

}  // namespace

bool is_feed_name(std::string_view name) {
    constexpr std::size_t longest = 100;
    return !name.empty() && name.size() <= longest && is_alphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '-' || c == '_' || c == '.';
           });
}

bool FeedNames::take_if_free(const std::string& name) { return is_feed_name(name) && taken_.insert(name).second; }

std::string FeedNames::make(std::string_view title, std::string_view url) {
    const std::string name = telling_name(title, url);
    if (taken_.insert(name).second) return name;
    std::size_t& number = last_number_.try_emplace(name, 1).first->second;
    for (;;) {
        std::string numbered = fmt::format("{}-{}", name, ++number);
        if (taken_.insert(numbered).second) return numbered;
    }
}

std::string make_feed_name(std::string_view title, std::string_view url, const std::vector<std::string>& taken) {
    FeedNames names;
    for (const std::string& name : taken) names.take(name);
    return names.make(title, url);
}

}  // namespace agg::config
