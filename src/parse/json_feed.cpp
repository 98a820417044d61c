// JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). The only file that knows Boost.JSON here.
#include <boost/json.hpp>

#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "parse/dialects.hpp"
#include "parse/draft.hpp"
#include "parse/person.hpp"

namespace agg::parse {
namespace {

namespace json = boost::json;

constexpr std::size_t k_max_json_depth = 64;

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(value->get_string());
    // Ids are numbers in some feeds; the specification asks readers to take them as text.
    if (value->is_number()) return json::serialize(*value);
    return {};
}

const json::array* array_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_array();
}

class JsonReader {
  public:
    explicit JsonReader(const std::string& base) : base_(base) {}

    ParsedFeed read(const json::object& root) {
        ParsedFeed feed;
        feed.format = Format::json_feed;
        feed.title = plain(text_of(root, "title"));
        feed.subtitle = plain(text_of(root, "description"));
        feed.link = link(text_of(root, "home_page_url"));
        feed.id = text_of(root, "feed_url");
        feed.language = text_of(root, "language");
        feed.icon = link(text_of(root, "favicon"));
        feed.logo = link(text_of(root, "icon"));
        feed.authors = authors(root);
        const json::array* items = array_of(root, "items");
        if (items == nullptr) return feed;
        for (const json::value& item : *items) {
            if (feed.items.size() > k_max_items) break;
            if (const json::object* object = item.if_object()) feed.items.push_back(read_item(*object));
        }
        for (ParsedItem& item : feed.items)
            if (item.authors.empty()) item.authors = feed.authors;
        take_newest_dates(feed);
        return feed;
    }

  private:
    Markup plain(std::string text) const { return {.text = std::move(text), .type = MarkupType::plain, .base = base_}; }
    std::string link(const std::string& reference) const {
        return trim(reference).empty() ? std::string{} : resolve_reference(base_, reference);
    }

    // The format has no dates for the feed: it is as old as its newest item.
    static void take_newest_dates(ParsedFeed& feed) {
        for (const ParsedItem& item : feed.items) {
            if (item.published.time && (!feed.published.time || *item.published.time > *feed.published.time)) feed.published = item.published;
            if (item.updated.time && (!feed.updated.time || *item.updated.time > *feed.updated.time)) feed.updated = item.updated;
        }
    }

    ParsedItem read_item(const json::object& object) const {
        ItemDraft draft;
        draft.id.offer(0, text_of(object, "id"));
        offer_text(draft.link, 0, link(text_of(object, "url")));
        offer_text(draft.link, 1, link(text_of(object, "external_url")));
        draft.title.offer(0, plain(text_of(object, "title")));
        draft.summary.offer(0, plain(text_of(object, "summary")));
        offer_markup(draft.content, 0, {.text = text_of(object, "content_html"), .type = MarkupType::html, .base = base_});
        offer_markup(draft.content, 1, plain(text_of(object, "content_text")));
        offer_text(draft.image, 0, link(text_of(object, "image")));
        offer_text(draft.image, 1, link(text_of(object, "banner_image")));
        offer_date(draft.published, 0, text_of(object, "date_published"));
        offer_date(draft.updated, 0, text_of(object, "date_modified"));
        offer_text(draft.language, 0, text_of(object, "language"));
        draft.authors = authors(object);
        if (const json::array* tags = array_of(object, "tags"))
            for (const json::value& tag : *tags)
                if (tag.is_string()) add_category(draft.categories, tag.get_string());
        if (const json::array* attachments = array_of(object, "attachments"))
            for (const json::value& attachment : *attachments)
                if (const json::object* file = attachment.if_object()) read_attachment(draft, *file);
        return draft.finish();
    }

    void read_attachment(ItemDraft& draft, const json::object& file) const {
        Enclosure enclosure{.url = link(text_of(file, "url")), .type = text_of(file, "mime_type"), .length_bytes = {}};
        if (const json::value* size = file.if_contains("size_in_bytes"); size != nullptr && size->is_number()) {
            boost::system::error_code error;
            const auto bytes = size->to_number<std::uint64_t>(error);
            if (!error) enclosure.length_bytes = bytes;
        }
        if (const json::value* length = file.if_contains("duration_in_seconds"); length != nullptr && length->is_number()) {
            const double seconds = length->to_number<double>();
            if (seconds >= 0 && seconds < 1e8) draft.duration.offer(0, std::chrono::seconds{static_cast<long long>(seconds)});
        }
        add_enclosure(draft.enclosures, std::move(enclosure));
    }

    // "authors" (1.1) and "author" (1.0).
    std::vector<Author> authors(const json::object& object) const {
        std::vector<Author> people;
        if (const json::array* list = array_of(object, "authors")) {
            for (const json::value& person : *list) add_author(people, person);
        } else if (const json::value* one = object.if_contains("authors")) {
            add_author(people, *one);
        }
        if (const json::value* person = object.if_contains("author"); person != nullptr && people.empty()) add_author(people, *person);
        return people;
    }

    void add_author(std::vector<Author>& people, const json::value& value) const {
        if (value.is_string()) return add_person(people, person_of_text(value.get_string()));
        const json::object* person = value.if_object();
        if (person == nullptr) return;
        add_person(people, {.name = collapse_space(text_of(*person, "name")), .email = {}, .url = link(text_of(*person, "url"))});
    }

    const std::string& base_;
};

}  // namespace

Result<ParsedFeed> read_json_feed(std::string_view text, const std::string& base) {
    json::parse_options options;
    options.max_depth = k_max_json_depth;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    boost::system::error_code error;
    const json::value root = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return fail(ErrorKind::not_a_feed, "JSON that cannot be read ({})", error.message());
    const json::object* object = root.if_object();
    if (object == nullptr) return fail(ErrorKind::not_a_feed, "JSON, but no JSON Feed (it is no object)");
    const bool named = text_of(*object, "version").find("jsonfeed.org") != std::string::npos;
    if (!named && array_of(*object, "items") == nullptr) return fail(ErrorKind::not_a_feed, "JSON, but no JSON Feed");
    return JsonReader(base).read(*object);
}

}  // namespace agg::parse
