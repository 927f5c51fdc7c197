package io.stanchion.node.it;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** Classes that want the same settings share their nodes, which stop when all tests are done. */
final class SharedWorlds implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        ConformanceTestBase test = (ConformanceTestBase) context.getRequiredTestInstance();
        Store store = context.getRoot().getStore(Namespace.create(SharedWorlds.class));
        test.use(store.getOrComputeIfAbsent(
                test.settings(), settings -> new ConformanceWorld(test.settings()), ConformanceWorld.class));
    }
}
