#include "clean/embeds.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/url.hpp"
#include "clean/query.hpp"
#include "clean/safe_style.hpp"

namespace agg::clean {
namespace {

// A player and the page it stands for. `id` is what follows `path` up to the next "/", "?" or end.
struct Player {
    std::string_view host;  // without "www."
    std::string_view path;
    std::string_view page;  // the id is appended; empty: the address itself is a page for people
};

// Taken from the players' own "embed" dialogues.
constexpr auto k_players = std::to_array<Player>({
    {"youtube.com", "/embed/", "https://www.youtube.com/watch?v="},
    {"youtube.com", "/v/", "https://www.youtube.com/watch?v="},
    {"youtube-nocookie.com", "/embed/", "https://www.youtube.com/watch?v="},
    {"youtube-nocookie.com", "/v/", "https://www.youtube.com/watch?v="},
    {"youtu.be", "/", "https://www.youtube.com/watch?v="},
    {"player.vimeo.com", "/video/", "https://vimeo.com/"},
    {"dailymotion.com", "/embed/video/", "https://www.dailymotion.com/video/"},
    {"dailymotion.com", "/swf/", "https://www.dailymotion.com/video/"},
    {"geo.dailymotion.com", "/player", ""},
    {"rutube.ru", "/play/embed/", "https://rutube.ru/video/"},
    {"ok.ru", "/videoembed/", "https://ok.ru/video/"},
    {"archive.org", "/embed/", "https://archive.org/details/"},
    {"embed.ted.com", "/talks/", "https://www.ted.com/talks/"},
    {"streamable.com", "/e/", "https://streamable.com/"},
    {"odysee.com", "/$/embed/", "https://odysee.com/"},
    {"loom.com", "/embed/", "https://www.loom.com/share/"},
    {"media.ccc.de", "/v/", "https://media.ccc.de/v/"},
    {"bandcamp.com", "/EmbeddedPlayer", ""},
    {"fast.wistia.net", "/embed/", ""},
    {"player.bilibili.com", "/player.html", ""},
    {"player.twitch.tv", "/", ""},
    {"clips.twitch.tv", "/embed", ""},
    {"vk.com", "/video_ext.php", ""},
    {"vkvideo.ru", "/video_ext.php", ""},
    {"open.spotify.com", "/embed", ""},
    {"embed.podcasts.apple.com", "/", ""},
});

// Players that name the page in a parameter of their address.
struct NamingPlayer {
    std::string_view host;
    std::string_view path;
    std::string_view parameter;
};
constexpr auto k_naming_players = std::to_array<NamingPlayer>({
    {"w.soundcloud.com", "/player", "url"},
    {"facebook.com", "/plugins/video.php", "href"},
    {"mixcloud.com", "/widget/iframe", "feed"},
});

// Hosts whose pictures count readers; a leading dot means: and everything below. Known from the pixels that feeds
// carry.
constexpr auto k_counter_hosts = std::to_array<std::string_view>({
    "pixel.wp.com",
    "stats.wordpress.com",
    "b.scorecardresearch.com",
    ".doubleclick.net",
    ".google-analytics.com",
    "pixel.quantserve.com",
    "rss.feedsportal.com",
    "pi.feedsportal.com",
    ".2mdn.net",
    ".pheedo.com",
    "ad.adriver.ru",
    "counter.yadro.ru",
    "mc.yandex.ru",
    "top-fwz1.mail.ru",
    "vg01.met.vgwort.de",
    ".met.vgwort.de",
    "cpx.golem.de",
    "pixel.newscred.com",
    "tracking.feedpress.it",
    "tracking.feedpress.com",
    "feeds.wordpress.com",
    "px.ads.linkedin.com",
    "analytics.twitter.com",
    ".omtrdc.net",
    ".2o7.net",
    ".imrworldwide.com",
    ".webtrekk.net",
    ".ivwbox.de",
});

// Counters that share their host with real pages.
constexpr auto k_counter_paths = std::to_array<std::string_view>(
    {"feeds.feedburner.com/~r/", "feeds2.feedburner.com/~r/", "feedproxy.google.com/~r/", "www.facebook.com/tr",
     "t.co/i/adsct", "www.paypal.com/en_US/i/scr/pixel.gif", "www.paypalobjects.com/en_US/i/scr/pixel.gif"});

bool host_is(std::string_view host, std::string_view pattern) {
    if (!pattern.starts_with('.')) return host == pattern;
    return host == pattern.substr(1) || host.ends_with(pattern);
}

// The number of pixels that a width or height gives: "1", "1px", " 0 ". -1 when it gives none.
int pixels(std::string_view length) {
    length = trim(length);
    int number = -1;
    std::size_t at = 0;
    for (; at < length.size() && at < 6 && is_ascii_digit(length[at]); ++at)
        number = std::max(number, 0) * 10 + (length[at] - '0');
    const std::string_view unit = trim(length.substr(at));
    return unit.empty() || iequals(unit, "px") ? number : -1;
}

int side(const HtmlToken& image, std::string_view name) {
    const std::string_view styled = style_value(image.attribute("style"), name);
    return pixels(styled.empty() ? image.attribute(name) : styled);
}

}  // namespace

std::string player_page(std::string_view address) {
    const std::string absolute = address.starts_with("//") ? "https:" + std::string(address) : std::string(address);
    const auto url = Url::parse(absolute);
    if (!url || !url->is_http()) return {};
    std::string_view host = url->host();
    if (host.starts_with("www.")) host.remove_prefix(4);
    for (const NamingPlayer& player : k_naming_players) {
        if (host != player.host || !url->path().starts_with(player.path)) continue;
        const std::string page = query_value(url->query(), player.parameter);
        const auto named = Url::parse(page);
        return named && named->is_http() ? page : std::string();
    }
    for (const Player& player : k_players) {
        if (host != player.host || !url->path().starts_with(player.path)) continue;
        if (player.page.empty()) return url->text();
        const std::string_view rest = std::string_view(url->path()).substr(player.path.size());
        const std::string_view id = rest.substr(0, rest.find_first_of("/?&"));
        if (id.empty() || id == "videoseries") return url->text();
        return std::string(player.page) + std::string(id);
    }
    return {};
}

bool is_tracking_pixel(const HtmlToken& image, std::string_view address) {
    const int width = side(image, "width");
    const int height = side(image, "height");
    if (width >= 0 && width <= 1 && height <= 1) return true;
    if (height >= 0 && height <= 1 && width <= 1) return true;
    const std::size_t slashes = address.find("//");
    if (slashes == std::string_view::npos) return false;
    const std::string_view rest = address.substr(slashes + 2);
    const std::string host = ascii_lower(rest.substr(0, rest.find_first_of("/?#:")));
    if (std::any_of(k_counter_hosts.begin(), k_counter_hosts.end(),
                    [&](std::string_view pattern) { return host_is(host, pattern); }))
        return true;
    return std::any_of(k_counter_paths.begin(), k_counter_paths.end(),
                       [&](std::string_view path) { return rest.starts_with(path); });
}

}  // namespace agg::clean
