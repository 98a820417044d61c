#include "daemon_under_test.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include <curl/curl.h>
#include <fmt/format.h>
#include <pugixml.hpp>

namespace agg::test {
namespace {

std::size_t append(char* text, std::size_t size, std::size_t count, void* out) {
    static_cast<std::string*>(out)->append(text, size * count);
    return size * count;
}

std::size_t take_header(char* text, std::size_t size, std::size_t count, void* out) {
    auto& headers = *static_cast<std::map<std::string, std::string>*>(out);
    std::string line(text, size * count);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) return size * count;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    const std::size_t end = line.find_last_not_of(" \t\r\n");
    headers[name] = begin <= end && begin != std::string::npos ? line.substr(begin, end - begin + 1) : "";
    return size * count;
}

}  // namespace

HttpAnswer http(const std::string& url, std::vector<std::string> headers, const std::string& unix_socket,
                const std::string& method) {
    HttpAnswer answer;
    const std::unique_ptr<CURL, void (*)(CURL*)> easy(curl_easy_init(), curl_easy_cleanup);
    curl_slist* lines = nullptr;
    for (const std::string& header : headers) lines = curl_slist_append(lines, header.c_str());
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owner(lines, curl_slist_free_all);
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    if (!unix_socket.empty()) curl_easy_setopt(easy.get(), CURLOPT_UNIX_SOCKET_PATH, unix_socket.c_str());
    if (method == "HEAD")
        curl_easy_setopt(easy.get(), CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(easy.get(), CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy.get(), CURLOPT_HEADERDATA, &answer.headers);
    if (curl_easy_perform(easy.get()) != CURLE_OK) return answer;
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    return answer;
}

std::string raw_exchange(const std::string& tcp_url, std::string_view bytes) {
    const std::string port = tcp_url.substr(tcp_url.rfind(':') + 1);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
    std::string answer;
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t count = ::send(descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) break;  // the server has heard enough
        sent += static_cast<std::size_t>(count);
    }
    char buffer[4096];
    for (ssize_t count; (count = ::recv(descriptor, buffer, sizeof buffer, 0)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(count));
    ::close(descriptor);
    return answer;
}

DaemonUnderTest::DaemonUnderTest(std::string feeds, std::string state_folder)
    : state_folder_(state_folder.empty() ? folder_.path() : std::move(state_folder)) {
    write_file(
        config_file(),
        fmt::format(
            "# the user's own first line\n[serve]\nunix = \"{}\"\ntcp = \"127.0.0.1:0\"\n\n[store]\npath = \"{}\"\n\n"
            "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n\n[defaults]\ninterval = \"1h\"\nmin_interval = \"1s\"\n\n{}",
            socket(), database(), feeds));
}

void DaemonUnderTest::start(std::map<std::string, std::string> environment) {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{AGGD_PROGRAM, "--config", config_file(), "--log-level", "debug"},
        std::move(environment));
    wait_until("aggd answers", [this] {
        if (process_->has_ended()) throw std::runtime_error("aggd ended: " + process_->err());
        return get("/healthz").status == 200;
    });
}

Finished DaemonUnderTest::stop() {
    process_->send(SIGTERM);
    return process_->wait();
}

void DaemonUnderTest::kill() {
    process_->send(SIGKILL);
    (void)process_->wait();
}

Finished DaemonUnderTest::aggctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {AGGCTL_PROGRAM, "--socket", socket()});
    return run(std::move(arguments));
}

void DaemonUnderTest::refresh() const { (void)aggctl({"refresh", "--wait", "--force"}); }

HttpAnswer DaemonUnderTest::get(const std::string& path, std::vector<std::string> headers,
                                const std::string& method) const {
    return http("http://aggd" + path, std::move(headers), socket(), method);
}

std::string DaemonUnderTest::tcp_url() const {
    const std::string status = get("/v1/status").body;
    const std::size_t begin = status.find("http://127.0.0.1:");
    if (begin == std::string::npos) throw std::runtime_error("no TCP address in " + status);
    return status.substr(begin, status.find_first_of("/\"", begin + 8) - begin);
}

std::vector<std::string> DaemonUnderTest::titles() const { return entry_titles(get("/feed.atom?n=1000").body); }

std::string rss(const std::string& channel, const std::vector<std::string>& titles, const std::string& base) {
    std::string items;
    int age_minutes = 0;
    for (const std::string& title : titles) {
        items += fmt::format(
            "<item><title>{0}</title><link>{1}/{0}</link><guid isPermaLink=\"false\">{2}-{0}</guid>"
            "<pubDate>Mon, 10 Jan 2022 {3:02}:{4:02}:00 GMT</pubDate><description>Text of {0}</description></item>",
            title, base, channel, 23 - age_minutes / 60 % 24, 59 - age_minutes % 60);
        ++age_minutes;
    }
    return fmt::format(
        "<?xml version=\"1.0\"?><rss "
        "version=\"2.0\"><channel><title>{}</title><link>{}/</link><description>d</description>{}</channel></rss>",
        channel, base, items);
}

std::vector<std::string> entry_titles(const std::string& atom) {
    pugi::xml_document document;
    if (!document.load_string(atom.c_str())) throw std::runtime_error("not well-formed: " + atom.substr(0, 200));
    std::vector<std::string> all;
    for (const pugi::xml_node entry : document.child("feed").children("entry"))
        all.emplace_back(entry.child_value("title"));
    return all;
}

std::vector<std::string> entry_links(const std::string& atom, const std::string& title) {
    pugi::xml_document document;
    if (!document.load_string(atom.c_str())) throw std::runtime_error("not well-formed: " + atom.substr(0, 200));
    std::vector<std::string> all;
    for (const pugi::xml_node entry : document.child("feed").children("entry")) {
        if (entry.child_value("title") != title) continue;
        for (const pugi::xml_node link : entry.children("link"))
            all.push_back(std::string(link.attribute("rel").value()) + " " + link.attribute("href").value());
    }
    return all;
}

std::string feed_table(const std::string& name, const std::string& url, const std::string& more) {
    return fmt::format("[feed.{}]\nurl = \"{}\"\n{}\n", name, url, more);
}

}  // namespace agg::test
