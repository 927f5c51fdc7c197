package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.workload.SubscriberPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who subscribed to what, and what came. */
public final class Subscriptions {
    private static final String LIFE = " life ";

    private final Map<String, Subscription> byParty = new LinkedHashMap<>();

    /** Of the durables that were deleted, and the groups that all have left: later ones of the same name begin anew. */
    private final Map<String, Integer> deletions = new TreeMap<>();

    private Subscriptions() {}

    /** From one subscribe request to the end. Deliveries and acknowledgements are in the order of the history. */
    public static final class Subscription {
        private final SubscriberPlan plan;
        private final String memory;
        private final Event asked;
        private final List<Event> traffic = new ArrayList<>();
        private boolean confirmed;
        private boolean ended;

        Subscription(SubscriberPlan plan, String memory, Event asked) {
            this.plan = plan;
            this.memory = memory;
            this.asked = asked;
        }

        public SubscriberPlan plan() {
            return plan;
        }

        /** Names what the server remembers positions by: equal for all subscriptions of one durable or group, in one life of it. */
        public String memory() {
            return memory;
        }

        public Event asked() {
            return asked;
        }

        public List<Event> traffic() {
            return traffic;
        }

        public List<Event> deliveries() {
            return traffic.stream()
                    .filter(event -> event.action() == Action.DELIVER)
                    .toList();
        }

        public boolean isConfirmed() {
            return confirmed;
        }

        /** It did not stay until the end of the run, as far as we know. */
        public boolean isEnded() {
            return ended;
        }
    }

    static Subscriptions of(History history) {
        Subscriptions subscriptions = new Subscriptions();
        history.events().forEach(subscriptions::add);
        return subscriptions;
    }

    private void add(Event event) {
        switch (event.action()) {
            case SUBSCRIBE -> subscribe(event);
            case DELIVER, ACK -> {
                Subscription known = byParty.get(event.party());
                if (known != null) {
                    known.traffic.add(event);
                }
            }
            case UNSUBSCRIBE, CLOSE -> end(event);
            case CONNECT -> {
                if (event.party().equals(event.process())) { // and not a guest, who has none
                    endAllOf(event.process());
                }
            }
            case PUBLISH, LINK, NEWS, LOST, FAULT, SAMPLE, HEAP -> {} // nothing that a subscription is made of
        }
    }

    private void subscribe(Event event) {
        if (event.phase() == Phase.INVOKE) {
            SubscriberPlan plan = SubscriberPlan.read(event.note());
            byParty.put(event.party(), new Subscription(plan, memoryOf(plan, event), event));
        } else {
            Subscription known = byParty.get(event.party());
            if (known != null) {
                known.confirmed = event.phase() == Phase.OK;
            }
        }
    }

    private String memoryOf(SubscriberPlan plan, Event event) {
        if (!plan.isDurable()) {
            return plan.isGroup() ? presenceOf(plan) : event.party();
        }
        String name = plan.isGroup()
                ? plan.channel() + " group " + plan.durable() + ":" + plan.group()
                : plan.channel() + " durable " + event.process() + ":" + plan.durable();
        return name + LIFE + deletions.getOrDefault(name, 0);
    }

    /** A group without a durable name remembers as long as somebody is in it. */
    private String presenceOf(SubscriberPlan plan) {
        String name = plan.channel() + " group " + plan.group();
        List<Subscription> known = byParty.values().stream()
                .filter(subscription -> subscription.memory.startsWith(name + LIFE))
                .toList();
        if (!known.isEmpty() && known.stream().allMatch(Subscription::isEnded)) {
            deletions.merge(name, 1, Integer::sum);
        }
        return name + LIFE + deletions.getOrDefault(name, 0);
    }

    private void end(Event event) {
        Subscription known = byParty.get(event.party());
        if (known == null || event.phase() != Phase.INVOKE) {
            return;
        }
        known.ended = true;
        if (event.action() == Action.UNSUBSCRIBE && known.plan.isDurable()) {
            String name = known.memory.substring(0, known.memory.lastIndexOf(LIFE));
            deletions.merge(name, 1, Integer::sum);
        }
    }

    /** A new session of a process ends what was in its old one. */
    private void endAllOf(String process) {
        byParty.values().stream()
                .filter(subscription -> subscription.asked.process().equals(process))
                .forEach(subscription -> subscription.ended = true);
    }

    public Collection<Subscription> all() {
        return byParty.values();
    }

    /** Those that share a memory, in the order of their beginning. */
    public Map<String, List<Subscription>> byMemory() {
        Map<String, List<Subscription>> groups = new LinkedHashMap<>();
        byParty.values()
                .forEach(subscription -> groups.computeIfAbsent(subscription.memory, name -> new ArrayList<>())
                        .add(subscription));
        return groups;
    }
}
