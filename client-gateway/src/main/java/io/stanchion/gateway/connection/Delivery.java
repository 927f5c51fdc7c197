package io.stanchion.gateway.connection;

import io.stanchion.gateway.core.Message;

/** A message on its way to another thread's connection; holds a reference to the content, and a share of the receiver's budget. */
record Delivery(ClientSubscription subscription, Message message, int budgetBytes) {}
