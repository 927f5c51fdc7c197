package io.stanchion.gateway.connection;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * Whether a client's socket is being read. It pauses for a moment when the client floods somebody who cannot keep up, and for as long
 * as it takes when the service behind this node is saturated. Owned by the connection's event loop.
 */
final class Intake {
    private static final long CONGESTION_PAUSE_MILLIS = 5;

    private final Channel socket;
    private final Lane lane;
    private final GatewayState gateway;
    private boolean congested;
    private boolean waitingForService;

    Intake(Channel socket, Lane lane, GatewayState gateway) {
        this.socket = socket;
        this.lane = lane;
        this.gateway = gateway;
    }

    boolean isPaused() {
        return congested || waitingForService;
    }

    void pauseBriefly() {
        if (!congested) {
            congested = true;
            apply();
            var unused = lane.loop().schedule(this::onPauseOver, CONGESTION_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void pauseUntilServiceRelief() {
        if (!waitingForService) {
            waitingForService = true;
            lane.waitForService(this);
            apply();
            // The relief may have come between the question that led here and now; it will not come again then.
            if (!gateway.isSaturated()) {
                onServiceRelief();
            }
        }
    }

    void onServiceRelief() {
        waitingForService = false;
        apply();
    }

    private void onPauseOver() {
        congested = false;
        apply();
    }

    private void apply() {
        socket.config().setAutoRead(!isPaused());
    }
}
