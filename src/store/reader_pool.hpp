// Readers for a pool of threads: each call borrows one that nobody else uses.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/reader.hpp"
#include "store/trouble.hpp"

namespace agg::store {

class ReaderPool {
  public:
    // The database must exist when the first reader is borrowed.
    explicit ReaderPool(std::string path) : path_(std::move(path)) {}

    // Calls `work(Reader&)` and returns what it returns. From any thread. A reader that threw is not used again. Throws
    // Trouble when the database itself is the reason.
    template <typename Work>
    auto with(Work work) {
        try {
            return telling_trouble(path_, [&] {
                Reader reader = take();
                auto value = work(reader);
                const std::lock_guard guard(mutex_);
                idle_.push_back(std::move(reader));
                return value;
            });
        } catch (const Trouble& trouble) {
            const std::lock_guard guard(mutex_);
            if (trouble.kind() == Trouble::Kind::damage) damage_ = trouble.what();
            throw;
        }
    }

    // Lets go of the readers that nobody uses, and of the memory they keep.
    void rest() {
        std::vector<Reader> idle;
        const std::lock_guard guard(mutex_);
        idle.swap(idle_);
    }

    // The damage that reading has found so far; empty: none.
    [[nodiscard]] std::string damage() {
        const std::lock_guard guard(mutex_);
        return damage_;
    }

  private:
    Reader take() {
        {
            const std::lock_guard guard(mutex_);
            if (!idle_.empty()) {
                Reader reader = std::move(idle_.back());
                idle_.pop_back();
                return reader;
            }
        }
        return Reader(path_);
    }

    std::string path_;
    std::mutex mutex_;
    std::vector<Reader> idle_;
    std::string damage_;
};

}  // namespace agg::store
