// Clusters items as the daemon does: JSON lines {"id", "feed", "guid", "url", "title", "summary", "content",
// "published"} on standard input, {"id", "cluster"} on standard output. Each item is a poll of its feed, made when it
// was published.
//
//   dedup-items [--store FILE]   in a database, as the daemon; without it, in memory
//   dedup-items --evidence       with the evidence of each decision
#include <iostream>

#include "keyed_lines.hpp"
#include "memory_archive.hpp"
#include "store/writer.hpp"

namespace {

using namespace agg;

void print(const std::string& id, StoryId story) {
    std::cout << "{\"id\":" << tools::json_text(id) << ",\"cluster\":" << static_cast<std::int64_t>(story) << "}\n";
}

// The daemon's way: polls that wait share a transaction. Feeds are subscribed to as they appear.
void cluster_in_store(const std::string& path) {
    constexpr std::size_t k_polls_per_transaction = 64;
    auto writer = store::Writer::open(path);
    if (!writer) throw std::runtime_error(writer.error().message);
    std::vector<Feed> feeds;
    std::unordered_map<std::string, FeedId> numbers;
    std::vector<std::string> ids;
    std::vector<store::Poll> polls;
    const auto commit = [&] {
        const store::Commit done = writer->commit(polls);
        for (std::size_t i = 0; i < polls.size(); ++i) print(ids[i], done.polls[i].stories.front());
        polls.clear();
        ids.clear();
    };
    for (tools::KeyedLines lines(std::cin); lines.next();) {
        if (!numbers.contains(lines.feed())) {
            Feed& feed = feeds.emplace_back();
            feed.name = std::to_string(feeds.size());
            feed.url = "https://feeds.example/" + feed.name;
            numbers[lines.feed()] = writer->subscribe(feeds, lines.now()).back().id;
        }
        store::Poll& poll = polls.emplace_back();
        poll.feed = numbers[lines.feed()];
        poll.now = lines.now();
        poll.items = lines.take_items();
        ids.push_back(lines.id());
        if (polls.size() == k_polls_per_transaction) commit();
    }
    if (!polls.empty()) commit();
}

void cluster_in_memory(bool evidence) {
    tools::MemoryArchive archive;
    std::unordered_map<std::string, FeedId> numbers;
    for (tools::KeyedLines lines(std::cin); lines.next();) {
        const FeedId feed =
            numbers.try_emplace(lines.feed(), FeedId{static_cast<std::int64_t>(numbers.size()) + 1}).first->second;
        const dedup::Decision decision = archive.take(lines.take_items().front(), feed, lines.now(), lines.id());
        if (evidence)
            std::cout << tools::evidence_line(lines.id(), decision, archive) << '\n';
        else
            print(lines.id(), decision.match.story);
    }
    std::cerr << archive.index().size() << " items in the index, " << archive.index().bytes() << " bytes\n";
}

}  // namespace

int main(int count, char** arguments) {
    std::ios::sync_with_stdio(false);
    const std::vector<std::string> options(arguments + 1, arguments + count);
    try {
        if (options.size() == 2 && options[0] == "--store")
            cluster_in_store(options[1]);
        else if (options.empty() || options == std::vector<std::string>{"--evidence"})
            cluster_in_memory(!options.empty());
        else
            throw std::runtime_error("usage: dedup-items [--store FILE | --evidence]");
    } catch (const std::exception& problem) {
        std::cerr << "dedup-items: " << problem.what() << '\n';
        return 1;
    }
}
