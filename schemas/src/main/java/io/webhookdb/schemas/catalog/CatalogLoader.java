package io.webhookdb.schemas.catalog;

final class CatalogLoader {
    private CatalogLoader() {}

    static Catalog fromClassPath() {
        throw new IllegalStateException("The catalogue is not on the class path.");
    }
}
