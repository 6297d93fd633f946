// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/token_store.hpp"

#include <algorithm>
#include <cstring>

#include <pthread.h>

#include "base/digest_hash.hpp"
#include "base/log.hpp"
#include "base/uuid.hpp"

namespace almon::services {

namespace {

constexpr auto kCleanUpInterval = std::chrono::seconds(1);

HexHash digest_of(std::string_view text) {
    return hash_joined(DigestAlgorithm::Sha256, {text});
}

}  // namespace

std::size_t TokenStore::Hash::operator()(std::string_view digest) const noexcept {
    // Its digits are random already; only tokens that we made are kept, so nobody can aim.
    std::size_t hash = 0;
    std::memcpy(&hash, digest.data(), std::min(sizeof(hash), digest.size()));
    return hash * std::size_t{0x9e3779b97f4a7c15};
}

Result<std::unique_ptr<TokenStore>> TokenStore::open(const store::DatabaseLocation& location, Clock clock,
                                                     std::unique_ptr<Random> random,
                                                     std::size_t most_of_an_account) {
    std::unique_ptr<TokenStore> store(
        new TokenStore(location, std::move(clock), std::move(random), most_of_an_account));
    auto stored = store->table_.read();
    if (!stored) return refuse(stored);
    const UtcTime now = store->clock_().utc;
    for (auto& token : *stored) {
        if (token.expires <= now) continue;
        store->put(std::make_shared<Token>(
            Caller::Account{std::move(token.backend), std::move(token.name), std::move(token.auth_id),
                            std::move(token.user_uuid), std::move(token.acl)},
            std::move(token.digest), token.issued, token.expires));
    }
    if (const auto erased = store->table_.erase_expired(now); !erased)
        log_warning("expired tokens stay in the database: {}", erased.error().reason);
    return store;
}

TokenStore::~TokenStore() {
    {
        const std::lock_guard lock(waiting_);
        stopping_ = true;
    }
    stop_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<TokenStore::Issued> TokenStore::issue(Caller::Account account, std::chrono::seconds lifetime) {
    std::string text;
    {
        const std::lock_guard lock(issuing_);
        text = random_uuid(*random_);
    }
    const UtcTime now = clock_().utc;
    auto token = std::make_shared<const Token>(std::move(account), std::string(digest_of(text).view()), now,
                                               now + lifetime);
    const auto& known = token->account();
    if (const auto added = table_.add({token->digest(), known.backend, known.auth_id, known.user_uuid,
                                       known.name, known.rules, token->issued(), token->expires()});
        !added)
        return refuse(added);
    std::vector<Shared> ended;
    {
        const std::unique_lock lock(mutex_);
        ended = beyond_the_limit(known);
        for (const auto& oldest : ended) {
            remove(*oldest);
            to_erase_.push_back(oldest->digest());
        }
        put(token);
    }
    tell(ended, End::Revoked);
    return Issued{std::move(text), std::move(token)};
}

/// The oldest token of an account that has as many as it may.
std::vector<TokenStore::Shared> TokenStore::beyond_the_limit(const Caller::Account& account) const {
    const Token* oldest = nullptr;
    std::size_t count = 0;
    auto at = by_account_.lower_bound({account.backend, account.auth_id, nullptr});
    for (; at != by_account_.end() && std::get<0>(*at) == account.backend &&
           std::get<1>(*at) == account.auth_id;
         ++at, ++count) {
        const Token* token = std::get<2>(*at);
        if (oldest == nullptr || token->issued() < oldest->issued()) oldest = token;
    }
    if (oldest == nullptr || count < most_of_an_account_) return {};
    return {by_digest_.find(oldest->digest())->second};
}

std::shared_ptr<const Token> TokenStore::find(std::string_view text) const {
    const HexHash digest = digest_of(text);
    const UtcTime now = clock_().utc;
    const std::shared_lock lock(mutex_);
    const auto found = by_digest_.find(digest.view());
    if (found == by_digest_.end() || found->second->expires() <= now) return nullptr;
    return found->second;
}

Result<void> TokenStore::revoke(std::string_view text) {
    const HexHash digest = digest_of(text);
    Shared token;
    {
        const std::unique_lock lock(mutex_);
        const auto found = by_digest_.find(digest.view());
        if (found == by_digest_.end()) return {};
        token = found->second;
        remove(*token);
    }
    tell({token}, End::Revoked);
    auto erased = table_.erase({token->digest()});
    if (!erased) {
        const std::unique_lock lock(mutex_);
        to_erase_.push_back(token->digest());
    }
    return erased;
}

void TokenStore::revoke(std::string_view backend, std::string_view auth_id,
                        const std::function<bool(const Token&)>& which) {
    std::vector<Shared> ended;
    {
        const std::unique_lock lock(mutex_);
        auto at = by_account_.lower_bound({std::string(backend), std::string(auth_id), nullptr});
        for (; at != by_account_.end() && std::get<0>(*at) == backend && std::get<1>(*at) == auth_id; ++at) {
            const Token& token = *std::get<2>(*at);
            if (which(token)) ended.push_back(by_digest_.find(token.digest())->second);
        }
        for (const auto& token : ended) {
            remove(*token);
            to_erase_.push_back(token->digest());
        }
    }
    tell(ended, End::Revoked);
}

std::vector<TokenStore::AccountName> TokenStore::accounts() const {
    const std::shared_lock lock(mutex_);
    std::vector<AccountName> names;
    for (const auto& [backend, auth_id, token] : by_account_) {
        if (names.empty() || names.back().backend != backend || names.back().auth_id != auth_id)
            names.push_back({backend, auth_id});
    }
    return names;
}

std::size_t TokenStore::size() const {
    const std::shared_lock lock(mutex_);
    return by_digest_.size();
}

void TokenStore::clean_up() {
    const UtcTime now = clock_().utc;
    std::vector<Shared> ended;
    std::vector<std::string> erase;
    {
        const std::unique_lock lock(mutex_);
        while (!by_expiry_.empty() && by_expiry_.begin()->first <= now) {
            ended.push_back(by_digest_.find(by_expiry_.begin()->second->digest())->second);
            remove(*ended.back());
        }
        erase.swap(to_erase_);
    }
    tell(ended, End::Expired);
    for (const auto& token : ended)
        erase.push_back(token->digest());
    if (const auto erased = table_.erase(erase); !erased) {
        const std::unique_lock lock(mutex_);
        to_erase_.insert(to_erase_.end(), erase.begin(), erase.end());
    }
}

void TokenStore::start() {
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), "tokens");
        run();
    });
}

void TokenStore::run() {
    std::unique_lock lock(waiting_);
    while (!stop_.wait_for(lock, kCleanUpInterval, [this] { return stopping_; })) {
        lock.unlock();
        clean_up();
        lock.lock();
    }
}

void TokenStore::put(const Shared& token) {
    by_digest_.emplace(token->digest(), token);
    by_expiry_.emplace(token->expires(), token.get());
    by_account_.emplace(token->account().backend, token->account().auth_id, token.get());
}

void TokenStore::remove(const Token& token) {
    by_expiry_.erase({token.expires(), &token});
    by_account_.erase({token.account().backend, token.account().auth_id, &token});
    by_digest_.erase(by_digest_.find(token.digest()));  // last: it may be what keeps the token
}

void TokenStore::tell(const std::vector<Shared>& ended, End end) const {
    for (const auto& token : ended) {
        for (const auto& listener : listeners_)
            listener(*token, end);
    }
}

}  // namespace almon::services
