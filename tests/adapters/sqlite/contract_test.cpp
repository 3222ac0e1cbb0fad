#include <adapters/sqlite/temporary_store.hpp>
#include <app/attachment_contract.hpp>
#include <app/complaint_contract.hpp>
#include <app/complaint_queries_contract.hpp>
#include <app/desk_content_contract.hpp>
#include <app/dossier_contract.hpp>
#include <app/operations_contract.hpp>
#include <app/storage_contract.hpp>

namespace motcua::app {
namespace {

class sqlite_store final : public store_under_test
{
public:
    sqlite_store() { restart(); }
    app::writer& writer() override { return database_->writer(); }
    std::unique_ptr<app::reader> open_reader() override { return database_->open_reader(); }
    void restart() override
    {
        database_.reset();
        database_ = sqlite::open_database({.file = folder_.file()});
    }

private:
    sqlite::temporary_folder folder_;
    std::unique_ptr<sqlite::database> database_;
};

const store_factory make_store = [] { return std::make_unique<sqlite_store>(); };

INSTANTIATE_TEST_SUITE_P(Sqlite, StorageContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, AttachmentContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, HandoverContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, ComplaintContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, DeskContentContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, ChangeContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, ComplaintQueriesContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, DossierContract, testing::Values(make_store));
INSTANTIATE_TEST_SUITE_P(Sqlite, OperationsContract, testing::Values(make_store));

} // namespace
} // namespace motcua::app
