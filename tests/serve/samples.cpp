#include "serve/samples.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace agg::serve::test {

TimePoint at(const char* rfc3339) { return parse_rfc3339(rfc3339).value(); }

store::Member member(std::string outlet, std::string title, std::string link) {
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

store::Story story(int number, std::vector<store::Member> members) {
    store::Story made;
    made.id = StoryId{number};
    made.uid = fmt::format("urn:uuid:00000000-0000-4000-8000-{:012}", number);
    made.changed_at = at("2022-01-10T10:00:00Z");
    made.members = std::move(members);
    return made;
}

store::Story simple_story(int number, std::string title) {
    return story(number, {member("alpha", std::move(title), fmt::format("https://alpha.example/{}", number))});
}

store::Story rich_story() {
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

Request request(std::string method, std::string_view target, Headers headers, std::string body) {
    const Target parsed = parse_target(target).value();
    Request made;
    made.method = std::move(method);
    made.path = parsed.path;
    made.query = parsed.query;
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
}

Request over_unix(Request request, std::uint32_t uid) {
    request.peer = {Peer::Kind::unix_socket, uid, uid, 1};
    return request;
}

void run_to_end(Task<void> task) {
    asio::io_context io;
    std::exception_ptr thrown;
    asio::co_spawn(io, std::move(task), [&thrown](std::exception_ptr failure) { thrown = failure; });
    io.run();
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace agg::serve::test
