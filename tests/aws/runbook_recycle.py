"""Cases of runbooks that delete snapshots and images: they must reach the Recycle Bin, which the emulator lacks.

`Bin` answers its calls. As in AWS, only what has the tag of an available rule when it is deleted is retained and can be restored.
"""

import json

from runbook_world import Case, exists, instance


class Bin:
    def __init__(self, of):
        self.of, self.rules, self.retained = of, {}, {}

    def create(self, request):
        rule = json.loads(request["body"])
        name = f"rule{len(self.rules)}"
        self.rules[name] = {"kind": rule["ResourceType"], "tags": rule["ResourceTags"], "days": rule["RetentionPeriod"]["RetentionPeriodValue"]}
        return {"Identifier": name, "Status": "pending"}

    def list(self, request):
        asked = json.loads(request["body"])
        fits = [n for n, r in self.rules.items() if (r["kind"], r["tags"]) == (asked["ResourceType"], asked["ResourceTags"])]
        return {"Rules": [{"Identifier": n} for n in fits]}

    def is_retained(self, kind, resource):
        tags = {(t["key"], t["value"]) for t in self.of.backend("ec2").describe_tags(filters={"resource-id": [resource]})}
        return any(r["kind"] == kind and tags & {(t["ResourceTagKey"], t["ResourceTagValue"]) for t in r["tags"]} for r in self.rules.values())

    def delete(self, kind, key, all_):
        def take(request):
            if (resource := request["body"][key]) in all_ and self.is_retained(kind, resource):
                self.retained[resource] = all_[resource]

        return take

    def restore(self, key, all_):
        def put(request):
            resource = request["body"][key]
            all_[resource] = self.retained.pop(resource)
            return {}

        return put

    def answers(self):
        ec2 = self.of.backend("ec2")
        return {
            "rbin.CreateRule": self.create,
            "rbin.ListRules": self.list,
            "rbin.GetRule": {"Status": "available"},
            "ec2.DeleteSnapshot": self.delete("EBS_SNAPSHOT", "SnapshotId", ec2.snapshots),
            "ec2.RestoreSnapshotFromRecycleBin": self.restore("SnapshotId", ec2.snapshots),
            "ec2.DeregisterImage": self.delete("EC2_IMAGE", "ImageId", ec2.amis),
            "ec2.RestoreImageFromRecycleBin": self.restore("ImageId", ec2.amis),
        }


def snapshot(of, short):
    ec2, bin_ = of("ec2"), Bin(of)
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=100, VolumeType="gp2")["VolumeId"]
    made = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    found = lambda: exists(lambda: ec2.describe_snapshots(SnapshotIds=[made])["Snapshots"])
    # The state, and for how many days what was deleted can be restored.
    probe = lambda: [found(), [r["days"] for r in bin_.rules.values() if made in bin_.retained]]
    return Case({short: made}, probe, [False, [14]], [True, []], answers=bin_.answers())


def unused_image(of, short):
    ec2, bin_ = of("ec2"), Bin(of)
    _, host = instance(of)
    made = ec2.create_image(InstanceId=host, Name=f"of {host}")["ImageId"]
    disk = ec2.describe_images(ImageIds=[made])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    all_ = of.backend("ec2")

    def disable(state):
        def change(request):
            all_.amis[made].state = state
            return {}

        return change

    def probe():
        image = all_.amis.get(made)
        return [image and image.state, disk in all_.snapshots, sorted(r["kind"] for r in bin_.rules.values() if bin_.retained)]

    described = lambda _: {"Images": [{"State": all_.amis[made].state}]} if made in all_.amis else {"Images": []}
    answers = bin_.answers() | {"ec2.DisableImage": disable("disabled"), "ec2.EnableImage": disable("available"), "ec2.DescribeImages": described}
    return Case({short: made, "snap-43dd3dbc857b48343": disk}, probe, [None, False, ["EBS_SNAPSHOT", "EC2_IMAGE"]], ["available", True, []], answers=answers, first=["disabled", True, []])


RECYCLED = {"orphaned_snapshot": snapshot, "old_snapshot": snapshot, "unused_image": unused_image}
