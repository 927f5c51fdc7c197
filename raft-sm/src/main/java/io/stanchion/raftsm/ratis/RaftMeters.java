package io.stanchion.raftsm.ratis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.util.TimeDuration;

/**
 * What Ratis measures about itself, as far as we want to know it: how long the fsyncs of the log take. Ratis finds this class through
 * {@code META-INF/services}, and does not start without one. Its own would keep histograms of a dozen times for each entry, for nobody.
 */
public final class RaftMeters extends MetricRegistries {
    private static final String LOG = "log_worker";
    private static final String SYNC = "flushTime";
    private static final Timekeeper.Context NOTHING = () -> 0;
    private static final Timekeeper UNUSED = () -> NOTHING;

    private final Map<MetricRegistryInfo, Registry> registries = new ConcurrentHashMap<>();

    /** The fsyncs of a member's log; a meter that stays at zero before Ratis has opened it. */
    static DurationMeter syncsOf(String member) {
        return ((RaftMeters) MetricRegistries.global())
                .registries.values().stream()
                        .filter(registry -> registry.isLogOf(member))
                        .map(registry -> registry.syncs)
                        .findFirst()
                        .orElseGet(DurationMeter::new);
    }

    @Override
    public void clear() {
        registries.clear();
    }

    @Override
    public RatisMetricRegistry create(MetricRegistryInfo info) {
        return registries.computeIfAbsent(info, Registry::new);
    }

    @Override
    public boolean remove(MetricRegistryInfo info) {
        return registries.remove(info) != null;
    }

    @Override
    public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
        return Optional.ofNullable(registries.get(info));
    }

    @Override
    public Set<MetricRegistryInfo> getMetricRegistryInfos() {
        return Set.copyOf(registries.keySet());
    }

    @Override
    public Collection<RatisMetricRegistry> getMetricRegistries() {
        return List.copyOf(registries.values());
    }

    @Override
    public void addReporterRegistration(
            Consumer<RatisMetricRegistry> reporter, Consumer<RatisMetricRegistry> stopReporter) {
        throw new UnsupportedOperationException("these meters are read, not reported");
    }

    @Override
    public void enableJmxReporter() {
        throw new UnsupportedOperationException("these meters are read, not reported");
    }

    @Override
    public void enableConsoleReporter(TimeDuration interval) {
        throw new UnsupportedOperationException("these meters are read, not reported");
    }

    private static final class Registry implements RatisMetricRegistry {
        private final MetricRegistryInfo info;
        private final DurationMeter syncs = new DurationMeter();

        Registry(MetricRegistryInfo info) {
            this.info = info;
        }

        boolean isLogOf(String member) {
            return info.getMetricsComponentName().equals(LOG)
                    && info.getPrefix().equals(member);
        }

        @Override
        public Timekeeper timer(String name) {
            return name.equals(SYNC) && info.getMetricsComponentName().equals(LOG) ? this::startSync : UNUSED;
        }

        private Timekeeper.Context startSync() {
            return syncs.begin()::getAsLong;
        }

        @Override
        public LongCounter counter(String name) {
            return new Counter();
        }

        @Override
        public boolean remove(String name) {
            return false;
        }

        @Override
        public <T> void gauge(String name, Supplier<Supplier<T>> gauge) {
            // nobody asks
        }

        @Override
        public MetricRegistryInfo getMetricRegistryInfo() {
            return info;
        }
    }

    /** Ratis reads some of its counters itself. */
    private static final class Counter implements LongCounter {
        private final LongAdder count = new LongAdder();

        @Override
        public void inc(long n) {
            count.add(n);
        }

        @Override
        public void dec(long n) {
            count.add(-n);
        }

        @Override
        public long getCount() {
            return count.sum();
        }
    }
}
