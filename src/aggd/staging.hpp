// Where archives are made and taken apart: a folder beside the database, on the same file system.
#pragma once

#include <string>

#include "base/result.hpp"

namespace agg::aggd {

// One folder of its own (mode 0700) below DATABASE.staging; gone, with all in it, when this is destroyed.
class Staging {
  public:
    // Fails with `storage`.
    [[nodiscard]] static Result<Staging> make(const std::string& database);
    // Removes what an aggd left that was killed. Nobody else may be using the database.
    static void sweep(const std::string& database);

    Staging(Staging&& other) noexcept;
    Staging& operator=(Staging&& other) noexcept;
    ~Staging();

    [[nodiscard]] std::string operator/(const char* name) const { return folder_ + "/" + name; }

  private:
    explicit Staging(std::string folder) : folder_(std::move(folder)) {}
    std::string folder_;
};

}  // namespace agg::aggd
