// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/net_address.hpp"
#include "base/step_clock.hpp"

namespace almon::pbx {

/// Addresses of the hosts that other telephone systems are reached at. Names are looked up beforehand and
/// again and again, by whoever may wait for a name server: a call goes by what was found last. Pure; part of
/// the live state.
class HostNames final {
public:
    explicit HostNames(const StepClock& clock) noexcept : clock_(clock) {}

    /// What may be asked for from now on; what is new is looked up at once, what is no longer wanted
    /// forgotten.
    void want(std::set<std::string> hosts);
    /// Literals are their own address. Empty: not found (yet).
    [[nodiscard]] std::vector<NetAddress> addresses(std::string_view host) const;

    /// Names that shall be looked up now; answered() is owed for each.
    [[nodiscard]] std::vector<std::string> take_questions();
    /// @param found empty: the name server knows none, or is not there. What was known stays then.
    void answered(const std::string& host, std::vector<NetAddress> found);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    void save(Archive& archive) const { archive.put(known_); }
    void restore(ArchiveReader& reader) { reader.get(known_); }

    struct Known {
        std::vector<NetAddress> addresses;
        Instant ask_at{};
        bool asked = false;  ///< The answer has not come.
    };

private:
    const StepClock& clock_;
    std::map<std::string, Known, std::less<>> known_;
};
BOOST_DESCRIBE_STRUCT(HostNames::Known, (), (addresses, ask_at, asked))

}  // namespace almon::pbx
