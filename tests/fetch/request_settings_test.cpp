// What [fetch] and a feed say about their requests: name, header lines, users and passwords.
#include <sys/stat.h>

#include "fetch/credentials.hpp"
#include "fetcher.hpp"
#include "support/files.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using Catch::Contains;
using Catch::StartsWith;

namespace {

Request request_with(const std::string& url, TransferSettings own) {
    auto asked = request(url);
    asked.transfer = std::move(own);
    return asked;
}

// Settings whose [fetch] credentials_file has the text `netrc`.
ClientSettings settings_with_passwords(std::string_view netrc) {
    auto all = settings();
    auto parsed = Credentials::parse(netrc);
    if (!parsed) throw std::invalid_argument(parsed.error().message);
    all.credentials_file = "/passwords";
    all.credentials.emplace("/passwords", std::move(*parsed));
    return all;
}

const std::string k_joe = "Basic am9lOmhvcnNl";  // joe:horse

std::string parse_error(std::string_view netrc) {
    const auto parsed = Credentials::parse(netrc);
    return parsed ? "" : parsed.error().message;
}

}  // namespace

// Names and lines.

TEST_CASE("a feed may be asked under a name of its own; the contact stays") {
    Origin origin;
    Fetcher fetcher;
    REQUIRE(fetcher.get(request_with(origin.url("/feed"), {.user_agent = "special/2"})));
    CHECK(origin.requests().at(0).header("User-Agent") == "special/2 (+https://example.org/contact)");
}

TEST_CASE("a feed's own header lines are sent as they are written") {
    Origin origin;
    Fetcher fetcher;
    const TransferSettings own{
        .headers = {{"Accept-Language", "de, en;q=0.5"}, {"x-token", "a:b \xC3\xA9"}, {"X-Empty", ""}}};
    REQUIRE(fetcher.get(request_with(origin.url("/feed"), own)));
    const auto seen = origin.requests().at(0);
    CHECK_THAT(seen.raw, Contains("\r\nAccept-Language: de, en;q=0.5\r\n"));
    CHECK_THAT(seen.raw, Contains("\r\nx-token: a:b \xC3\xA9\r\n"));
    CHECK_THAT(seen.raw, Contains("\r\nX-Empty:\r\n"));
    CHECK_THAT(seen.header("Accept"), Contains("application/atom+xml"));
}

TEST_CASE("a feed's own Accept replaces ours") {
    Origin origin;
    Fetcher fetcher;
    REQUIRE(fetcher.get(request_with(origin.url("/feed"), {.headers = {{"accept", "text/xml"}}})));
    CHECK(origin.requests().at(0).header("Accept") == "text/xml");
    CHECK_THAT(origin.requests().at(0).raw, !Contains("application/atom+xml"));
}

TEST_CASE("a feed's own header lines go to its own scheme, host and port only") {
    Origin own, other_port, other_host("127.0.0.2");
    Fetcher fetcher;
    const TransferSettings secret{.headers = {{"X-Token", "4711"}, {"Authorization", "Bearer 4711"}}};
    own.on("/there", ok("arrived"));
    SECTION("after a redirect to itself") {
        own.on("/feed", redirect(302, own.url("/there")));
        REQUIRE(fetcher.get(request_with(own.url("/feed"), secret)));
        CHECK(own.requests("/there").at(0).header("X-Token") == "4711");
        CHECK(own.requests("/there").at(0).header("Authorization") == "Bearer 4711");
    }
    SECTION("not to another port") {
        own.on("/feed", redirect(302, other_port.url("/x")));
        REQUIRE(fetcher.get(request_with(own.url("/feed"), secret)));
        CHECK_FALSE(other_port.requests().at(0).has("X-Token"));
        CHECK_FALSE(other_port.requests().at(0).has("Authorization"));
    }
    SECTION("not to another host") {
        own.on("/feed", redirect(302, other_host.url("/x")));
        REQUIRE(fetcher.get(request_with(own.url("/feed"), secret)));
        CHECK_FALSE(other_host.requests().at(0).has("X-Token"));
    }
    SECTION("back from elsewhere") {
        own.on("/feed", redirect(302, other_host.url("/x")));
        other_host.on("/x", redirect(302, own.url("/there")));
        REQUIRE(fetcher.get(request_with(own.url("/feed"), secret)));
        CHECK(own.requests("/there").at(0).header("X-Token") == "4711");
    }
}

TEST_CASE("nothing that one poll says of itself goes along with the next") {
    Origin first, second("127.0.0.2"), proxy;
    first.on("/feed", Answer{200, {{"Set-Cookie", "visitor=7; Domain=127.0.0.2; Path=/"}}, "x"});
    proxy.on(second.url("/feed"), Answer{200, {{"Set-Cookie", "visitor=7; Path=/"}}, "x"});
    Fetcher fetcher(settings_with_passwords("machine 127.0.0.1 login joe password horse"));
    auto asked = request_with(first.url("/feed"), {.user_agent = "special/2", .headers = {{"X-Token", "4711"}}});
    asked.validators = {"\"a\"", "yesterday"};
    asked.validators_url = first.url("/feed");
    REQUIRE(fetcher.get(asked));
    REQUIRE(fetcher.get(request_with(second.url("/feed"), {.proxy = proxy.url("")})));
    REQUIRE(fetcher.get(second.url("/feed")));
    const auto seen = second.requests().at(0);
    CHECK(seen.target == "/feed");
    CHECK(seen.header("User-Agent") == "aggd/test (+https://example.org/contact)");
    for (const auto* absent : {"X-Token", "Authorization", "Cookie", "If-None-Match", "If-Modified-Since"}) {
        INFO(absent);
        CHECK_FALSE(seen.has(absent));
    }
}

// Passwords.

TEST_CASE("a file of passwords is read as netrc has it") {
    const auto parsed = Credentials::parse(R"(
        # my feeds
        machine One.Example login joe password horse
        machine two.example
            login "with \"quotes\" and blanks"
            account ignored
            password battery#staple
        macdef init
            machine never.example login never password never

        machine nas.local login all password ports
        machine nas.local:8080 login one password port)");
    REQUIRE(parsed);
    const auto found = [&](std::string_view host, std::uint16_t port) {
        const Login* login = parsed->find(host, port);
        return login != nullptr ? login->user + "/" + login->password : "";
    };
    CHECK(found("one.example", 443) == "joe/horse");
    CHECK(found("two.example", 80) == "with \"quotes\" and blanks/battery#staple");
    CHECK(found("nas.local", 80) == "all/ports");
    CHECK(found("nas.local", 8080) == "one/port");
    CHECK(found("never.example", 80).empty());
    CHECK(found("sub.one.example", 80).empty());
}

TEST_CASE("what is wrong in a file of passwords is told by its line, and no word of it is repeated") {
    CHECK_THAT(parse_error("machine a.example login joe password horse\n\nhorse battery"),
               StartsWith("line 3 is not as netrc(5) has it") && !Contains("battery"));
    CHECK_THAT(parse_error("login joe"), StartsWith("line 1 has a \"login\" before the first \"machine\""));
    CHECK_THAT(parse_error("machine a.example login joe password"), StartsWith("line 1 ends after \"password\""));
    CHECK_THAT(parse_error("default login joe password horse"),
               StartsWith("line 1 has \"default\"") && Contains("name the machines"));
}

TEST_CASE("a file of passwords must be closed to others") {
    TemporaryFolder folder;
    const std::string path = folder / "passwords";
    write_file(path, "machine a.example login joe password horse");
    const mode_t mode = GENERATE(0600, 0640, 0440, 0644, 0606);
    ::chmod(path.c_str(), mode);
    const auto read = Credentials::read(path);
    if ((mode & 07) == 0) {
        REQUIRE(read);
        CHECK(read->find("a.example", 80) != nullptr);
    } else {
        REQUIRE_FALSE(read);
        CHECK(read.error().kind == ErrorKind::forbidden);
        CHECK_THAT(read.error().message, Contains("chmod o= " + path));
    }
}

TEST_CASE("a file of passwords that is not there or is no file says so") {
    TemporaryFolder folder;
    CHECK_THAT(Credentials::read(folder / "none").error().message, Contains("No such file"));
    CHECK_THAT(Credentials::read(folder.path()).error().message, Contains("is not a regular file"));
}

TEST_CASE("a password of a file is sent at once, to the feed's own scheme, host and port only") {
    Origin own, other_port, other_host("127.0.0.2");
    Fetcher fetcher(settings_with_passwords(
        "machine 127.0.0.1 login joe password horse machine 127.0.0.2 login joe password horse"));
    SECTION("at once") {
        REQUIRE(fetcher.get(own.url("/feed")));
        CHECK(own.requests().size() == 1);
        CHECK(own.requests().at(0).header("Authorization") == k_joe);
    }
    SECTION("not to another port, although the file has a password for the host") {
        own.on("/feed", redirect(302, other_port.url("/x")));
        REQUIRE(fetcher.get(own.url("/feed")));
        CHECK_FALSE(other_port.requests().at(0).has("Authorization"));
    }
    SECTION("not to another host, although the file has a password for it") {
        own.on("/feed", redirect(302, other_host.url("/x")));
        REQUIRE(fetcher.get(own.url("/feed")));
        CHECK_FALSE(other_host.requests().at(0).has("Authorization"));
    }
}

TEST_CASE("a feed's own file of passwords goes before that of [fetch], and a password in the URL before both") {
    Origin origin;
    auto all = settings_with_passwords("machine 127.0.0.1 login joe password horse");
    all.credentials.emplace("/own", *Credentials::parse("machine 127.0.0.1 login ann password cow"));
    Fetcher fetcher(all);
    REQUIRE(fetcher.get(request_with(origin.url("/feed"), {.credentials_file = "/own"})));
    CHECK(origin.requests().at(0).header("Authorization") == "Basic YW5uOmNvdw==");
    REQUIRE(fetcher.get(fmt::format("http://bob:cat@127.0.0.1:{}/feed", origin.port())));
    CHECK(origin.requests().at(1).header("Authorization") == "Basic Ym9iOmNhdA==");
}

TEST_CASE("a host without a password in the file gets none") {
    Origin origin("127.0.0.2");
    Fetcher fetcher(settings_with_passwords("machine 127.0.0.1 login joe password horse"));
    REQUIRE(fetcher.get(origin.url("/feed")));
    CHECK_FALSE(origin.requests().at(0).has("Authorization"));
}

TEST_CASE("a request that shall have no password gets none, although the file has one for its host") {
    Origin origin;
    Fetcher fetcher(settings_with_passwords("machine 127.0.0.1 login joe password horse"));
    Request moved = request_with(origin.url("/feed"), {});
    moved.with_login = false;
    REQUIRE(fetcher.get(moved));
    CHECK_FALSE(origin.requests().at(0).has("Authorization"));
}

TEST_CASE("a publisher that asks for Digest gets Digest from then on") {
    Origin origin;
    const std::string url = GENERATE("/feed", "/with password in the URL");
    const Handler members = [](const SeenRequest& seen) -> Reply {
        if (seen.header("Authorization").starts_with("Digest ")) return Answer{200, {{"ETag", "\"a\""}}, "members"};
        return Answer{401,
                      {{"WWW-Authenticate", "Digest realm=\"members\", nonce=\"n0nce\", qop=\"auth\""},
                       {"ETag", "\"of the refusal\""}},
                      "who are you?"};
    };
    origin.on("/feed", members);
    const bool in_url = url != "/feed";
    Fetcher fetcher(in_url ? settings() : settings_with_passwords("machine 127.0.0.1 login joe password horse"));
    const std::string asked = fmt::format("http://{}127.0.0.1:{}/feed", in_url ? "joe:horse@" : "", origin.port());
    for (int poll = 0; poll < 2; ++poll) {
        const auto response = fetcher.get(asked);
        REQUIRE(response);
        CHECK(response->status == 200);
        CHECK(response->headers.get("ETag") == "\"a\"");
        CHECK(response->body == "members");
    }
    unsigned basic = 0;
    for (const SeenRequest& seen : origin.requests()) {
        const std::string sent = seen.header("Authorization");
        if (sent.starts_with("Basic")) ++basic;
        if (sent.starts_with("Digest")) CHECK_THAT(sent, Contains("username=\"joe\"") && !Contains("horse"));
    }
    CHECK(basic == 1);
}

TEST_CASE("a wrong password is asked about once, not again and again") {
    Origin origin;
    const std::string challenge = GENERATE("Basic realm=\"members\"", "Digest realm=\"members\", nonce=\"n\"",
                                           "Digest realm=\"members\", nonce=\"n\", Basic realm=\"members\"");
    INFO(challenge);
    origin.on("/feed", Answer{401, {{"WWW-Authenticate", challenge}}, "no"});
    Fetcher fetcher(settings_with_passwords("machine 127.0.0.1 login joe password horse"));
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->status == 401);
    CHECK(origin.requests().size() <= 3);
}
