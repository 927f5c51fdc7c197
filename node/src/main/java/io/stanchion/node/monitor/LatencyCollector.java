package io.stanchion.node.monitor;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.stanchion.gateway.stan.LatencyCounts;
import java.util.Arrays;

/** Counts that are kept elsewhere, as a histogram. */
record LatencyCollector(String name, String help, LatencyCounts counts) implements Collector {
    @Override
    public MetricSnapshot collect() {
        Number[] counted = Arrays.stream(counts.counts()).boxed().toArray(Number[]::new);
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(LatencyCounts.boundsSeconds(), counted))
                        .sum(counts.totalSeconds())
                        .build())
                .build();
    }

    @Override
    public String getPrometheusName() {
        return name;
    }
}
