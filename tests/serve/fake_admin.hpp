// An Admin that knows two feeds and remembers what it was asked.
#pragma once

#include "serve/admin.hpp"
#include "serve/samples.hpp"

namespace agg::serve::test {

[[nodiscard]] FeedStatus sample_feed();

class FakeAdmin : public Admin {
  public:
    std::vector<std::string> asked;
    std::optional<Error> error;  // what every call fails with

    Task<Result<DaemonStatus>> status() override;
    Task<Result<Metrics>> metrics() override;
    Task<Result<void>> health() override;
    Task<Result<std::vector<FeedStatus>>> feeds() override;
    Task<Result<FeedDetails>> feed(std::string feed) override;
    Task<Result<std::vector<FeedMove>>> moves() override;
    Task<Result<std::vector<FeedMove>>> accept_moves(std::vector<std::string> feeds) override;
    Task<Result<AddedFeed>> add(AddRequest request) override;
    Task<Result<FeedStatus>> remove(std::string feed) override;
    Task<Result<std::vector<RefreshedFeed>>> refresh(RefreshRequest request) override;
    Task<Result<std::vector<HostStatus>>> hosts() override;
    Task<Result<RuleReport>> rules() override;
    Task<Result<ReloadReport>> preview_reload() override;
    Task<Result<FeedStatus>> set(SetRequest request) override;
    Task<Result<FeedStatus>> purge(std::string feed) override;
    Task<Result<ImportReport>> import_list(ImportRequest request) override;
    Task<Result<std::string>> export_list() override;
    Task<Result<CheckReport>> check(CheckRequest request) override;
    Task<Result<ReloadReport>> reload() override;
    Task<Result<std::vector<store::FoundItem>>> find_items(std::vector<std::string> names) override;
    Task<Result<void>> split(ItemId item) override;
    Task<Result<void>> merge(ItemId a, ItemId b) override;
    Task<Result<std::uint64_t>> undo_heal(std::string feed) override;
    Task<Result<store::Marked>> mark(store::MarkRequest request) override;
    Task<Result<store::Marked>> tag(store::TagRequest request) override;
    Task<Result<store::Marked>> rename_tag(std::string from, std::string to) override;
    Task<Result<void>> change_feed(std::string feed, FeedChange change) override;
    Task<Result<void>> set_password(std::string user, std::string password) override;
    Task<Result<std::vector<Work>>> work() override;
    Task<Result<Backup>> backup() override;
    Task<Result<RestoreReport>> restore(RestoreRequest request) override;
    store::MarkRequest marked;
};

}  // namespace agg::serve::test
