#include "parse/limits.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg::parse {
namespace {

class Limiter {
  public:
    explicit Limiter(std::vector<std::string>& warnings) : warnings_(warnings) {}

    void text(std::string& text, std::size_t most, std::string_view what) {
        if (text.size() <= most) return;
        text.resize(truncate_utf8(text, most).size());
        warn(fmt::format("a {} longer than {} bytes was cut", what, most));
    }

    void url(std::string& url) {
        if (url.size() <= k_max_url_bytes) return;
        url.clear();
        warn(fmt::format("an address longer than {} bytes was left out", k_max_url_bytes));
    }

    template <typename T>
    void list(std::vector<T>& list, std::size_t most, std::string_view what, std::string_view owner = "an item") {
        if (list.size() <= most) return;
        list.resize(most);
        warn(fmt::format("{} beyond the {}th of {} were left out", what, most, owner));
    }

  private:
    void warn(std::string text) {
        if (std::find(warnings_.begin(), warnings_.end(), text) == warnings_.end()) warnings_.push_back(std::move(text));
    }

    std::vector<std::string>& warnings_;
};

void limit_item(Limiter& limit, ParsedItem& item) {
    for (std::string* url : {&item.link, &item.original_link, &item.comments, &item.image, &item.source.link}) limit.url(*url);
    limit.text(item.id, k_max_url_bytes, "id");
    limit.text(item.title.text, k_max_title_bytes, "title");
    limit.text(item.source.title.text, k_max_title_bytes, "title");
    limit.text(item.summary.text, k_max_body_bytes, "body");
    limit.text(item.content.text, k_max_body_bytes, "body");
    limit.list(item.authors, k_max_people, "authors");
    limit.list(item.categories, k_max_categories, "categories");
    limit.list(item.enclosures, k_max_enclosures, "enclosures");
    for (Enclosure& enclosure : item.enclosures) limit.url(enclosure.url);
    std::erase_if(item.enclosures, [](const Enclosure& enclosure) { return enclosure.url.empty(); });
}

}  // namespace

void keep_within_limits(ParsedFeed& feed) {
    Limiter limit(feed.warnings);
    for (std::string* url : {&feed.link, &feed.icon, &feed.logo}) limit.url(*url);
    limit.text(feed.title.text, k_max_title_bytes, "title");
    limit.text(feed.subtitle.text, k_max_title_bytes, "title");
    limit.list(feed.authors, k_max_people, "authors");
    limit.list(feed.categories, k_max_categories, "categories");
    limit.list(feed.items, k_max_items, "items", "a feed");
    for (ParsedItem& item : feed.items) limit_item(limit, item);
}

}  // namespace agg::parse
