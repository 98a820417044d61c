#include "base/text.hpp"
#include "parse/dialects.hpp"
#include "parse/elements.hpp"

namespace agg::parse {
namespace {

// Where items may be: in the channel, beside it (RSS 1.0), or in a list of their own ("<items><item>").
class RssReader {
  public:
    ParsedFeed read(const Element& root) {
        const std::string_view local = root.name().local;
        feed_.format = iequals(local, "rdf") ? Format::rdf : Format::rss;
        // RSS does not say what relative references are relative to. The site is what people who write them mean: the feed
        // itself often lives elsewhere.
        const std::string site = site_of(root);
        const Element based = site.empty() ? root : root.with_default_base(site);
        if (iequals(local, "channel")) channel(based);
        else container(based);
        offer_text(draft_.language, 8, root.language());
        draft_.finish(feed_);
        return std::move(feed_);
    }

  private:
    static std::string site_of(const Element& root) {
        Element channel = iequals(root.name().local, "channel") ? root : root.child(Space::feed, "channel");
        if (!channel) return {};
        const Element link = channel.child(Space::feed, "link");
        const std::string site = link ? link.link(link.text()) : std::string{};
        return istarts_with(site, "http://") || istarts_with(site, "https://") ? site : std::string{};
    }

    void container(const Element& root) {
        for (const Element& child : root) {
            const Name name = child.name();
            if (name.space != Space::feed && name.space != Space::rdf) {
                read_feed_element(draft_, child);
            } else if (iequals(name.local, "channel")) {
                channel(child);
            } else if (iequals(name.local, "item")) {
                item(child);
            } else if (iequals(name.local, "items")) {
                items(child);
            } else {
                late_.push_back(child);
            }
        }
        // <image> beside the channel belongs to the feed, but the channel's own words come first.
        for (const Element& child : late_) read_feed_element(draft_, child);
    }

    void channel(const Element& element) {
        offer_text(draft_.language, 7, element.language());
        for (const Element& child : element) {
            const Name name = child.name();
            const bool own = name.space == Space::feed;
            if (own && iequals(name.local, "item")) item(child);
            else if (own && iequals(name.local, "items")) items(child);
            else if (name.space == Space::atom && iequals(name.local, "entry")) item(child);
            else read_feed_element(draft_, child);
        }
    }

    void items(const Element& element) {
        for (const Element& child : element)
            if (iequals(child.name().local, "item")) item(child);
    }

    void item(const Element& element) {
        if (feed_.items.size() > k_max_items) return;
        ItemDraft draft;
        offer_text(draft.language, 8, element.language());
        if (feed_.format == Format::rdf) offer_text(draft.id, 3, element.attribute("about"));
        for (const Element& child : element) read_item_element(draft, child);
        if (feed_.format == Format::rdf) offer_text(draft.link, 9, element.link(element.attribute("about")));
        feed_.items.push_back(draft.finish());
    }

    ParsedFeed feed_;
    FeedDraft draft_;
    std::vector<Element> late_;
};

}  // namespace

ParsedFeed read_rss(const Element& root) { return RssReader().read(root); }

}  // namespace agg::parse
