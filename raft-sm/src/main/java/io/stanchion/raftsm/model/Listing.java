package io.stanchion.raftsm.model;

import java.util.List;

/** A part of a list, and how long the list is. */
public record Listing<T>(List<T> items, int total) {}
