#!/bin/sh
# The namespace runs live in, and the search attributes that operators filter them by. Safe to run again.
set -eu

: "${TEMPORAL_ADDRESS:?is not set}" "${WRIT_TEMPORAL_NAMESPACE:?is not set}"

if temporal operator namespace describe --namespace "$WRIT_TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    echo "temporal: namespace $WRIT_TEMPORAL_NAMESPACE is there"
else
    temporal operator namespace create --namespace "$WRIT_TEMPORAL_NAMESPACE" --retention 720h
fi

# A new namespace is known to every part of the server only after its caches were refreshed.
attempts=60
until known=$(temporal operator search-attribute list --namespace "$WRIT_TEMPORAL_NAMESPACE" 2>&1); do
    attempts=$((attempts - 1))
    if [ "$attempts" -eq 0 ]; then
        echo "temporal: namespace $WRIT_TEMPORAL_NAMESPACE does not answer: $known" >&2
        exit 1
    fi
    sleep 1
done

for attribute in WritApp WritTool WritRelease WritOutcome; do
    case "$known" in
    *"$attribute"*) echo "temporal: search attribute $attribute is there" ;;
    *) temporal operator search-attribute create --namespace "$WRIT_TEMPORAL_NAMESPACE" --name "$attribute" --type Keyword ;;
    esac
done
