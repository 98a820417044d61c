// Stories and requests that tests start from.
#pragma once

#include <boost/asio/io_context.hpp>

#include "serve/entry.hpp"
#include "serve/http.hpp"

namespace agg::serve::test {

inline TimePoint at(const char* rfc3339) { return parse_rfc3339(rfc3339).value(); }

inline store::Member member(std::string outlet, std::string title, std::string link) {
    store::Member made;
    made.feed_name = outlet;
    made.feed_title = outlet;
    made.feed_url = "https://feeds.example/" + outlet + ".xml";
    made.feed_site = "https://" + outlet + ".example/";
    made.item.title = std::move(title);
    made.item.link = std::move(link);
    made.item.published = at("2022-01-10T09:00:00Z");
    return made;
}

inline store::Story story(int number, std::vector<store::Member> members) {
    store::Story made;
    made.id = StoryId{number};
    made.uid = fmt::format("urn:uuid:00000000-0000-4000-8000-{:012}", number);
    made.changed_at = at("2022-01-10T10:00:00Z");
    made.members = std::move(members);
    return made;
}

inline store::Story simple_story(int number = 1, std::string title = "A title") {
    return story(number, {member("alpha", std::move(title), fmt::format("https://alpha.example/{}", number))});
}

// Everything that an item can have, in scripts and with characters that need care.
inline store::Story rich_story() {
    store::Story made = story(
        7, {member("alpha", "Қазақстан: «Tom & Jerry» <b>не тег</b> 你好 مرحبا", "https://alpha.example/7?a=1&b=2"),
            member("beta", "Another headline", "https://beta.example/x?q=\"1\""), member("gamma & co", "Third", "")});
    Item& item = made.members[0].item;
    item.summary_html = "<p>Кратко &amp; ясно</p>";
    item.content_html =
        "<p>Полный текст: 5 &lt; 6, ]]&gt; <a href=\"https://alpha.example/?a=1&amp;b=2\">ссылка</a> العربية 中文</p>";
    item.authors = {{"Әлия Нұрғали", "aliya@alpha.example", "https://alpha.example/aliya"}, {"", "", ""}};
    item.categories = {"Политика", "R&D", "политика-2", "r&d", " "};
    item.enclosures = {{"https://alpha.example/a.mp3", "audio/mpeg", 1234},
                       {"https://alpha.example/b", "", std::nullopt}};
    item.image = "https://alpha.example/i.jpg?x=1&y=2";
    item.comments = "https://alpha.example/7#comments";
    item.language = "kk";
    item.duration = std::chrono::seconds{90};
    item.updated = at("2022-01-10T09:30:00Z");
    return made;
}

// Runs `task` to its end on an io_context of its own.
template <typename T>
T run(Task<T> task) {
    asio::io_context io;
    std::optional<T> value;
    std::exception_ptr thrown;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr failure, T result) {
        thrown = failure;
        if (!failure) value = std::move(result);
    });
    io.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(value).value();
}

inline Request request(std::string method, std::string_view target, Headers headers = {}, std::string body = "") {
    const Target parsed = parse_target(target).value();
    Request made;
    made.method = std::move(method);
    made.path = parsed.path;
    made.query = parsed.query;
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
}

inline Request over_unix(Request request, std::uint32_t uid) {
    request.peer = {Peer::Kind::unix_socket, uid, uid, 1};
    return request;
}

}  // namespace agg::serve::test
