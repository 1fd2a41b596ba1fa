"""
A member of Kafka 4's consumer protocol (KIP-848): `consumer_protocol_member.py BOOTSTRAP_SERVERS GROUP TOPIC`.

Writes a line for each assignment, with the partitions that it then has, and for each record. Ends with its stdin.
"""

import json
import sys
import threading

from confluent_kafka import Consumer


def main(bootstrap_servers, group, topic):
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": group,
            "group.protocol": "consumer",
            "auto.offset.reset": "earliest",
        }
    )
    owned = set()

    def assigned(_consumer, places):
        owned.update(place.partition for place in places)
        write({"partitions": sorted(owned)})

    def revoked(_consumer, places):
        owned.difference_update(place.partition for place in places)
        write({"partitions": sorted(owned)})

    consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked)
    while not ended.is_set():
        message = consumer.poll(0.1)
        if message is not None and message.error() is None:
            write({"position": f"{message.partition()}:{message.offset()}"})
    consumer.close()


def write(line):
    print(json.dumps(line), flush=True)


main(*sys.argv[1:])
