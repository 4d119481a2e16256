"""Uploads the files of a folder to a new bucket of an emulator: upload.py URL FOLDER BUCKET."""

import os
import sys

import boto3

url, folder, bucket = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
s3.create_bucket(Bucket=bucket)
for at, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(at, name)
        s3.upload_file(path, bucket, os.path.relpath(path, folder))
