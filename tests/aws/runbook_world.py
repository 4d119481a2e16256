"""The emulator in which runbooks are executed, and what cases have in common."""

import dataclasses
import logging
import threading

import boto3
from moto.backends import get_backend
from moto.moto_api._internal import moto_api_backend
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

REGION = "us-east-1"


@dataclasses.dataclass
class Case:
    names: dict
    probe: callable
    after: object
    back: object
    env: dict = dataclasses.field(default_factory=dict)
    answers: dict = dataclasses.field(default_factory=dict)
    # Runs before the first step that stop for an answer: variables to add, text of the error, and the state afterwards.
    earlier: list = dataclasses.field(default_factory=list)
    # The state after the first step of a script that waits for days. A rollback then restores the state before it.
    first: object = None
    # What the rollback says when it cannot restore what the complete script deleted.
    refusal: str = ""


class Of:
    """Clients of an account, and the title of the opportunity, which says what is to happen, and its subject."""

    def __init__(self, world, account, opportunity):
        self.world, self.account = world, account
        self.title, self.subject = opportunity["title"], opportunity["subject"]

    def __call__(self, service):
        return self.world.client(service, self.account)

    def backend(self, service):
        """Returns the resources of a service in the emulator, for what no call of it can change."""
        return get_backend(service)[self.account][REGION]


class World:
    def __init__(self):
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url, self.known, self.made = f"http://127.0.0.1:{server.server_port}", {}, {}

    def keys(self, account):
        if account not in self.known:
            sts = boto3.client("sts", endpoint_url=self.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
            keys = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/Owner", RoleSessionName="runbook")["Credentials"]
            self.known[account] = {
                "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                "AWS_SESSION_TOKEN": keys["SessionToken"],
            }
        return self.known[account]

    def client(self, service, account):
        keys = {name.lower(): value for name, value in self.keys(account).items()}
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **keys)

    def case(self, make, account, short, opportunity):
        """Returns a case in an emulator without other resources."""
        moto_api_backend.reset()
        self.known.clear()
        return make(Of(self, account, opportunity), short)


def exists(call, *faults):
    """Returns whether a call finds something."""
    try:
        return bool(call())
    except Exception as fault:
        if not any(word in str(fault) for word in ("NotFound", "does not exist", "not found", "not exist", *faults)):
            raise
        return False


def image(of, architecture="x86_64"):
    """Returns an image of Amazon. The emulator has the same ones in each account."""
    return next(i.id for i in of.backend("ec2").amis.values() if i.architecture == architecture and i.owner_alias == "amazon")


def instance(of, kind="c4.2xlarge"):
    ec2 = of("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = ec2.run_instances(ImageId=image(of), InstanceType=kind, SubnetId=subnet, MinCount=1, MaxCount=1)
    return ec2, made["Instances"][0]["InstanceId"]


def states(ec2):
    all_ = [i for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]
    return sorted(f"{i['InstanceType']} {i['State']['Name']}" for i in all_ if i["State"]["Name"] != "terminated")
