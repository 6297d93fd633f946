// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/system_clock.hpp"
#include "services/auth/caller.hpp"
#include "store/token_table.hpp"

namespace almon::services {

/// All tokens that are valid: in memory for whoever asks, in the database for the next start (SYS-080). Any
/// thread. While the database is away, tokens are checked as ever and none are issued.
class TokenStore final {
public:
    /// A program that signs in for each of its requests shall not fill the memory: beyond this, an account's
    /// oldest token is revoked for each new one.
    static constexpr std::size_t kMostOfAnAccount = 1000;

    /// Loads what earlier processes issued. Nothing is cleaned up before start().
    [[nodiscard]] static Result<std::unique_ptr<TokenStore>> open(
        const store::DatabaseLocation& location, Clock clock, std::unique_ptr<Random> random,
        std::size_t most_of_an_account = kMostOfAnAccount);
    ~TokenStore();
    TokenStore(const TokenStore&) = delete;
    TokenStore& operator=(const TokenStore&) = delete;

    struct Issued {
        std::string text;  ///< The token itself: a UUID.
        std::shared_ptr<const Token> token;
    };
    /// Waits for the disk. Unavailable where it cannot be stored: it would not survive a restart.
    [[nodiscard]] Result<Issued> issue(Caller::Account account, std::chrono::seconds lifetime);
    /// Null: it is unknown, has expired or was revoked. Quick, for IO threads.
    [[nodiscard]] std::shared_ptr<const Token> find(std::string_view text) const;
    /// From its return on the token is unknown; waits for the disk. Unavailable where only memory knows so
    /// far; the database is told as soon as it is back. Tokens that are unknown are revoked already.
    [[nodiscard]] Result<void> revoke(std::string_view text);
    /// Revokes those of one account that `which` picks, at once; the database is told soon, on another
    /// thread.
    void revoke(std::string_view backend, std::string_view auth_id,
                const std::function<bool(const Token&)>& which);
    struct AccountName {
        std::string backend;
        std::string auth_id;
    };
    /// Who has tokens.
    [[nodiscard]] std::vector<AccountName> accounts() const;
    [[nodiscard]] std::size_t size() const;

    enum class End { Revoked, Expired };
    /// Told of every token that ends, on the thread that ends it, with no lock held. Set before start().
    using Listener = std::function<void(const Token&, End)>;
    void listen(Listener listener) { listeners_.push_back(std::move(listener)); }

    /// Ends what has expired, and tells the database what it does not know yet.
    void clean_up();
    /// From now on clean_up() is called every second.
    void start();

private:
    using Shared = std::shared_ptr<const Token>;
    struct Hash {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(std::string_view digest) const noexcept;
    };

    TokenStore(const store::DatabaseLocation& location, Clock clock, std::unique_ptr<Random> random,
               std::size_t most_of_an_account)
        : most_of_an_account_(most_of_an_account),
          table_(location),
          clock_(std::move(clock)),
          random_(std::move(random)) {}

    void put(const Shared& token);
    [[nodiscard]] std::vector<Shared> beyond_the_limit(const Caller::Account& account) const;
    void remove(const Token& token);
    void tell(const std::vector<Shared>& ended, End end) const;
    void run();

    const std::size_t most_of_an_account_;
    store::TokenTable table_;
    Clock clock_;
    std::vector<Listener> listeners_;
    std::mutex issuing_;  ///< Guards `random_`.
    std::unique_ptr<Random> random_;

    mutable std::shared_mutex mutex_;  ///< Guards these four; held for look-ups and updates in memory only.
    std::unordered_map<std::string, Shared, Hash, std::equal_to<>> by_digest_;
    std::set<std::pair<UtcTime, const Token*>> by_expiry_;
    std::set<std::tuple<std::string, std::string, const Token*>> by_account_;
    std::vector<std::string> to_erase_;  ///< Revoked, and the database does not know.

    std::mutex waiting_;
    std::condition_variable stop_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace almon::services
